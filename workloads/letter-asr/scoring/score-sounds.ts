import { StepreelError } from '#core/errors';
import type { AcousticModel, Logits } from '#inference/speech/acoustic-model';
import type { PreparedPhrase, ScoredPhrase } from '../contract.ts';
import { decodeBeam } from '../decode/ctc-beam.ts';
import { decodeGreedy } from '../decode/ctc-greedy.ts';
import type { HeardToken } from '../decode/heard.ts';
import { outlineOf } from './outline.ts';
import type { GroupSound } from './phrase-sounds.ts';
import { type ScoringRule, scorePhrase } from './score-phrase.ts';

// A model takes several recordings at once gladly; more than this would only be held for longer.
const GROUPS_AT_ONCE = 4;

/** Scores phrases in their order. What is wrong with one phrase fails that phrase; what is wrong with the model is thrown. */
export async function* scoreSounds(
  sounds: AsyncIterable<GroupSound>,
  model: AcousticModel,
  rule: ScoringRule,
  signal: AbortSignal,
): AsyncGenerator<ScoredPhrase> {
  for await (const groups of inBunches(sounds, GROUPS_AT_ONCE)) {
    const heard = await model.hear(
      groups.map(({ samples }) => samples),
      signal,
    );
    for (const [at, group] of groups.entries()) yield* scoreGroup(group, heard[at]!, model, rule);
  }
}

function* scoreGroup(
  { activity, phrases, from, samples }: GroupSound,
  logits: Logits,
  model: AcousticModel,
  rule: ScoringRule,
): Generator<ScoredPhrase> {
  // Decoded once for all of them, so that each token lies in one phrase.
  const tokens = decoded(logits, model, rule);
  for (const phrase of phrases) {
    const start = phrase.first - from;
    const own = samples.subarray(start, start + phrase.samples);
    const stretch = { startSeconds: start / model.sampleRateHz, seconds: phrase.samples / model.sampleRateHz };
    const score = scored(phrase, tokens, model.separator, stretch, rule);
    yield { activity, index: phrase.index, ...score, engine: logits.engine, outline: outlineOf(own) };
  }
}

function decoded(logits: Logits, model: AcousticModel, { decoder, beamWidth }: ScoringRule): HeardToken[] {
  return decoder === 'beam' ? decodeBeam(logits, model, { width: beamWidth }) : decodeGreedy(logits, model);
}

function scored(
  phrase: PreparedPhrase,
  tokens: HeardToken[],
  separator: string,
  stretch: { startSeconds: number; seconds: number },
  rule: ScoringRule,
): Pick<ScoredPhrase, 'letters' | 'heard' | 'failure'> {
  try {
    return scorePhrase(phrase, tokens, separator, stretch, rule);
  } catch (thrown) {
    if (!(thrown instanceof StepreelError) || thrown.actor !== 'submitter') throw thrown;
    return { failure: thrown.message, letters: [], heard: [] };
  }
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
