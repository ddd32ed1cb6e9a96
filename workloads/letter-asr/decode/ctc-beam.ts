import type { Logits } from '#inference/speech/acoustic-model';
import type { HeardToken } from './heard.ts';
import { isSure, logProbabilities } from './log-probabilities.ts';
import { requireFit, type Vocabulary } from './vocabulary.ts';
import { addUp, clear, join, likeliest, noWays, pause, type Ways } from './ways.ts';

export interface BeamOptions {
  /** How many readings are followed from frame to frame. */
  width: number;
}

// A token this unlikely in a frame begins nothing there: nearly all tokens in nearly all frames.
const LEAST_LOG_PROBABILITY = Math.log(1e-3);
// A reading this far behind the best one is not followed: where the model is sure, one or two are left of the beam.
const MOST_BEHIND = Math.log(1e3);
// Several ways that lead to one reading may be more likely together than each of them.
const MARGIN = Math.log(4);

/** A reading so far: a token after those of another reading. */
interface Prefix {
  token: number;
  isEmpty: boolean;
  /** Those with one token more; few, so a list is found through faster than a map. */
  longer: Prefix[];
  /** The ways to read the frames so far as this, and those with the frame that is being looked at. */
  ways: Ways;
  coming: Ways;
  /** The frame that `coming` is for. */
  frame: number;
}

/** What there is in a frame: logarithms of probabilities, the greatest of them, and what may begin there. */
interface FrameScores {
  frame: number;
  logs: Float64Array;
  most: number;
  likely: number[];
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
  const blankAt = tokens.indexOf(blank);
  const scores: FrameScores = { frame: 0, logs: new Float64Array(logits.tokens), most: 0, likely: [] };
  let beam = [emptyReading()];
  let isPaused = true;
  for (let frame = 0; frame < logits.frames; frame += 1) {
    if (isSure(logits, frame, blankAt, -LEAST_LOG_PROBABILITY)) {
      // Most frames are silence, which leaves every reading as it is and as far behind the best one.
      if (!isPaused) for (const { ways } of beam) pause(ways);
      isPaused = true;
      continue;
    }
    isPaused = false;
    readFrame(scores, logits, frame, blankAt);
    beam = nextBeam(beam, scores, blankAt, width);
  }

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

function readFrame(scores: FrameScores, logits: Logits, frame: number, blankAt: number): void {
  scores.frame = frame;
  scores.most = logProbabilities(logits, frame, scores.logs);
  scores.likely.length = 0;
  for (let token = 0; token < logits.tokens; token += 1) {
    if (token !== blankAt && scores.logs[token]! >= LEAST_LOG_PROBABILITY) scores.likely.push(token);
  }
}

function nextBeam(beam: readonly Prefix[], scores: FrameScores, blankAt: number, width: number): Prefix[] {
  const { frame, logs, likely } = scores;
  const reached: Prefix[] = [];
  // The best reading comes at least as far; what stays behind it with one way more or less is not followed anyway.
  const least = beam[0]!.ways.total + scores.most - MOST_BEHIND - MARGIN;
  for (const prefix of beam) {
    const { ways, token } = prefix;
    const { total } = ways;
    const same = comingOf(prefix, frame, reached);
    stay(same, ways, logs[blankAt]!);
    if (!prefix.isEmpty) goOn(same, ways, logs[token]!, frame);
    for (const next of likely) {
      const log = logs[next]!;
      if (total + log < least) continue;
      // Only with a blank between is an equal token another one.
      const from = next === token ? ways.blank : likeliest(ways);
      if (from.best === Number.NEGATIVE_INFINITY) continue;
      const sum = next === token ? from.sum : total;
      const { token: longer } = comingOf(longerBy(prefix, next), frame, reached);
      if (!join(longer, sum + log, from.best + log)) continue;
      longer.run = {
        token: next,
        startFrame: frame,
        endFrame: frame + 1,
        probabilitySum: Math.exp(log),
        before: from.run,
      };
    }
  }
  return bestOf(reached, width);
}

/** The place for the ways that lead to a reading in this frame. */
function comingOf(prefix: Prefix, frame: number, reached: Prefix[]): Ways {
  if (prefix.frame !== frame) {
    prefix.frame = frame;
    clear(prefix.coming);
    reached.push(prefix);
  }
  return prefix.coming;
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
  let most = Number.NEGATIVE_INFINITY;
  for (const prefix of reached) {
    const { ways, coming } = prefix;
    prefix.ways = coming;
    prefix.coming = ways;
    addUp(coming);
    if (coming.total > most) most = coming.total;
  }
  const least = most - MOST_BEHIND;
  // The sort is stable: of equals the one that was reached first stays first, so the same logits give the same reading.
  const followed = reached.filter(({ ways }) => ways.total >= least).sort((a, b) => b.ways.total - a.ways.total);
  return followed.length > width ? followed.slice(0, width) : followed;
}

function emptyReading(): Prefix {
  const ways = noWays();
  ways.blank = { sum: 0, best: 0, run: undefined };
  addUp(ways);
  return { token: -1, isEmpty: true, longer: [], ways, coming: noWays(), frame: -1 };
}

function longerBy(prefix: Prefix, token: number): Prefix {
  for (const known of prefix.longer) if (known.token === token) return known;
  const longer: Prefix = { token, isEmpty: false, longer: [], ways: noWays(), coming: noWays(), frame: -1 };
  prefix.longer.push(longer);
  return longer;
}
