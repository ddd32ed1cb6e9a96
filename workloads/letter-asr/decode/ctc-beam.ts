import type { Logits } from '#inference/speech/acoustic-model';
import type { HeardToken } from './heard.ts';
import { type LogProbabilities, logProbabilities } from './log-probabilities.ts';
import { requireFit, type Vocabulary } from './vocabulary.ts';
import { addUp, clear, join, likeliest, noWays, type Ways } from './ways.ts';

export interface BeamOptions {
  /** How many readings are followed from frame to frame. */
  width: number;
}

// A token this unlikely in a frame begins nothing there: nearly all tokens in nearly all frames.
const LEAST_LOG_PROBABILITY = Math.log(1e-3);
// A reading this far behind the best one is not followed: where the model is sure, one or two are left of the beam.
const MOST_BEHIND = Math.log(1e4);

/** A reading so far: a token after those of another reading. */
interface Prefix {
  token: number;
  isEmpty: boolean;
  longer: Map<number, Prefix>;
  /** The ways to read the frames so far as this, and those with the frame that is being looked at. */
  ways: Ways;
  coming: Ways;
  /** The frame that `coming` is for. */
  frame: number;
}

/**
 * The reading with the greatest probability over all ways to get it, by prefix beam search (Hannun et al. 2014,
 * "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs", algorithm 1, without a
 * language model). The best token of each frame is one way only: a reading that many ways lead to may win here and lose
 * there. Times and confidences are those of the reading's likeliest way.
 * @throws ModelError for logits of another vocabulary.
 */
export function decodeBeam(logits: Logits, vocabulary: Vocabulary, { width }: BeamOptions): HeardToken[] {
  requireFit(logits, vocabulary);
  const { tokens, blank, frameSeconds } = vocabulary;
  const scores = logProbabilities(logits);
  const blankAt = tokens.indexOf(blank);
  let beam = [emptyReading()];
  for (let frame = 0; frame < scores.frames; frame += 1) beam = nextBeam(beam, scores, frame, blankAt, width);

  const heard: HeardToken[] = [];
  for (let { run } = likeliest(beam[0]!.ways); run; run = run.before) {
    heard.push({
      token: tokens[run.token]!,
      confidence: run.probabilitySum / (run.endFrame - run.startFrame),
      startSeconds: run.startFrame * frameSeconds,
      endSeconds: run.endFrame * frameSeconds,
    });
  }
  return heard.reverse();
}

function nextBeam(
  beam: readonly Prefix[],
  scores: LogProbabilities,
  frame: number,
  blankAt: number,
  width: number,
): Prefix[] {
  const row = frame * scores.tokens;
  const likely = likelyTokens(scores, row, blankAt);
  const reached: Prefix[] = [];
  const comingOf = (prefix: Prefix): Ways => {
    if (prefix.frame !== frame) {
      prefix.frame = frame;
      clear(prefix.coming);
      reached.push(prefix);
    }
    return prefix.coming;
  };
  for (const prefix of beam) {
    const same = comingOf(prefix);
    stay(same, prefix.ways, scores.values[row + blankAt]!);
    if (!prefix.isEmpty) goOn(same, prefix.ways, scores.values[row + prefix.token]!, frame);
    for (const token of likely) {
      // Only with a blank between is an equal token another one.
      const from = token === prefix.token ? prefix.ways.blank : likeliest(prefix.ways);
      if (from.best === Number.NEGATIVE_INFINITY) continue;
      const sum = token === prefix.token ? from.sum : prefix.ways.total;
      const log = scores.values[row + token]!;
      const { token: longer } = comingOf(longerBy(prefix, token));
      if (!join(longer, sum + log, from.best + log)) continue;
      longer.run = { token, startFrame: frame, endFrame: frame + 1, probabilitySum: Math.exp(log), before: from.run };
    }
  }
  return bestOf(reached, width);
}

/** A blank comes: the reading stays as it is. */
function stay({ blank }: Ways, ways: Ways, log: number): void {
  const from = likeliest(ways);
  if (join(blank, ways.total + log, from.best + log)) blank.run = from.run;
}

/** The last token goes on for a frame: the reading stays as it is. */
function goOn({ token }: Ways, { token: { sum, best, run } }: Ways, log: number, frame: number): void {
  if (!run || !join(token, sum + log, best + log)) return;
  token.run = { ...run, endFrame: frame + 1, probabilitySum: run.probabilitySum + Math.exp(log) };
}

/** The next beam, best first. */
function bestOf(reached: Prefix[], width: number): Prefix[] {
  for (const prefix of reached) {
    [prefix.ways, prefix.coming] = [prefix.coming, prefix.ways];
    addUp(prefix.ways);
  }
  // The sort is stable: of equals the one that was reached first stays first, so the same logits give the same reading.
  reached.sort((a, b) => b.ways.total - a.ways.total);
  const least = reached[0]!.ways.total - MOST_BEHIND;
  const end = reached.findIndex(({ ways }, at) => at === width || ways.total < least);
  return end < 0 ? reached : reached.slice(0, end);
}

/** What may begin or go on in this frame, beside the blank. */
function likelyTokens({ values, tokens }: LogProbabilities, row: number, blankAt: number): number[] {
  const likely: number[] = [];
  for (let token = 0; token < tokens; token += 1) {
    if (token !== blankAt && values[row + token]! >= LEAST_LOG_PROBABILITY) likely.push(token);
  }
  return likely;
}

function emptyReading(): Prefix {
  const ways = noWays();
  ways.blank = { sum: 0, best: 0, run: undefined };
  addUp(ways);
  return { token: -1, isEmpty: true, longer: new Map(), ways, coming: noWays(), frame: -1 };
}

function longerBy(prefix: Prefix, token: number): Prefix {
  const known = prefix.longer.get(token);
  if (known) return known;
  const longer = { token, isEmpty: false, longer: new Map(), ways: noWays(), coming: noWays(), frame: -1 };
  prefix.longer.set(token, longer);
  return longer;
}
