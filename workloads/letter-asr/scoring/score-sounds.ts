import { StepreelError } from '#core/errors';
import type { Measure } from '#core/step';
import type { AcousticModel, Logits } from '#inference/speech/acoustic-model';
import type { PreparedPhrase, ScoredPhrase } from '../contract.ts';
import { decodeBeam } from '../decode/ctc-beam.ts';
import { decodeGreedy } from '../decode/ctc-greedy.ts';
import type { HeardToken } from '../decode/heard.ts';
import { ParseFailure } from '../decode/segment.ts';
import { outlineOf } from './outline.ts';
import type { GroupSound } from './phrase-sounds.ts';
import { type ScoringRule, type Stretch, scorePhrase } from './score-phrase.ts';

// A model takes several recordings at once gladly; more than this would only be held for longer.
const GROUPS_AT_ONCE = 4;

type Score = Pick<ScoredPhrase, 'letters' | 'heard' | 'failure'> & {
  failedAt: 'ParseFailure' | 'AlignFailure' | undefined;
};

interface Scoring {
  model: AcousticModel;
  rule: ScoringRule;
  signal: AbortSignal;
  measure: Measure;
}

/** Scores phrases in their order. What is wrong with one phrase fails that phrase; what is wrong with the model is thrown. */
export async function* scoreSounds(sounds: AsyncIterable<GroupSound>, scoring: Scoring): AsyncGenerator<ScoredPhrase> {
  let last = performance.now();
  for await (const groups of inBunches(sounds, GROUPS_AT_ONCE)) {
    scoring.measure('PreprocessMs', performance.now() - last, 'Milliseconds');
    const sound = groups.map(({ samples }) => samples);
    const start = performance.now();
    const heard = await scoring.model.hear(sound, scoring.signal);
    const modelMs = performance.now() - start;
    scoring.measure('ModelMs', modelMs, 'Milliseconds');
    const msPerSample = modelMs / sound.reduce((sum, { length }) => sum + length, 0);
    for (const [at, group] of groups.entries()) yield* scoreGroup(group, heard[at]!, msPerSample, scoring);
    last = performance.now();
  }
}

function* scoreGroup(
  { activity, phrases, from, samples }: GroupSound,
  logits: Logits,
  modelMsPerSample: number,
  { model, rule, measure }: Scoring,
): Generator<ScoredPhrase> {
  // Decoded once for all of them, so that each token lies in one phrase.
  const { value: tokens, ms: decodeMs } = timed(() => decoded(logits, model, rule));
  measure('DecodeMs', decodeMs, 'Milliseconds');
  const groupMs = modelMsPerSample * samples.length + decodeMs;
  measure('InferenceTotalMs', groupMs, 'Milliseconds');
  for (const phrase of phrases) {
    const start = phrase.first - from;
    const own = samples.subarray(start, start + phrase.samples);
    const stretch = { startSeconds: start / model.sampleRateHz, seconds: phrase.samples / model.sampleRateHz };
    const { value: score, ms } = timed(() => scored(phrase, tokens, model.separator, stretch, rule));
    measurePhrase(score, groupMs / phrases.length + ms, measure);
    const { failedAt: _, ...told } = score;
    yield { activity, index: phrase.index, ...told, engine: logits.engine, outline: outlineOf(own) };
  }
}

function decoded(logits: Logits, model: AcousticModel, { decoder, beamWidth }: ScoringRule): HeardToken[] {
  return decoder === 'beam' ? decodeBeam(logits, model, { width: beamWidth }) : decodeGreedy(logits, model);
}

function scored(
  phrase: PreparedPhrase,
  tokens: HeardToken[],
  separator: string,
  stretch: Stretch,
  rule: ScoringRule,
): Score {
  try {
    return { ...scorePhrase(phrase, tokens, separator, stretch, rule), failedAt: undefined };
  } catch (thrown) {
    if (!(thrown instanceof StepreelError) || thrown.actor !== 'submitter') throw thrown;
    const failedAt = thrown instanceof ParseFailure ? 'ParseFailure' : 'AlignFailure';
    return { failure: thrown.message, letters: [], heard: [], failedAt };
  }
}

/** Zeros among the failures, so that each has a denominator. */
function measurePhrase({ letters, failure, failedAt }: Score, ms: number, measure: Measure): void {
  measure('PhraseProcessingMs', ms, 'Milliseconds');
  measure('PhraseSuccess', failure === undefined ? 1 : 0);
  measure('ParseFailure', failedAt === 'ParseFailure' ? 1 : 0);
  measure('AlignFailure', failedAt === 'AlignFailure' ? 1 : 0);
  const wrong = letters.filter(({ verdict }) => verdict !== 'correct').length;
  measure('AlignTotal', letters.length);
  measure('AlignErrorCount', wrong);
  if (letters.length > 0) measure('AlignAccuracy', (100 * (letters.length - wrong)) / letters.length, 'Percent');
}

function timed<T>(work: () => T): { value: T; ms: number } {
  const start = performance.now();
  const value = work();
  return { value, ms: performance.now() - start };
}

async function* inBunches<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T[]> {
  let bunch: T[] = [];
  for await (const item of items) {
    bunch.push(item);
    if (bunch.length < most) continue;
    yield bunch;
    bunch = [];
  }
  if (bunch.length > 0) yield bunch;
}
