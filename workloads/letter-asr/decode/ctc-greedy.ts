import type { Logits } from '#inference/speech/acoustic-model';
import type { HeardToken } from './heard.ts';
import { requireFit, type Vocabulary } from './vocabulary.ts';

/**
 * The best token of each frame, collapsed as CTC has it (Graves et al. 2006, "Connectionist Temporal Classification",
 * section 3.1): equal neighbours are one token, then blanks go. In this order, so that a blank between two equal tokens
 * keeps both. @throws ModelError for logits of another vocabulary.
 */
export function decodeGreedy(logits: Logits, vocabulary: Vocabulary): HeardToken[] {
  requireFit(logits, vocabulary);
  const { tokens, blank, frameSeconds } = vocabulary;
  const heard: HeardToken[] = [];
  const blankAt = tokens.indexOf(blank);
  let last = blankAt;
  let startFrame = 0;
  let sum = 0;

  const endRun = (endFrame: number) => {
    if (last === blankAt) return;
    heard.push({
      token: tokens[last]!,
      confidence: sum / (endFrame - startFrame),
      startSeconds: startFrame * frameSeconds,
      endSeconds: endFrame * frameSeconds,
    });
  };
  for (let frame = 0; frame < logits.frames; frame += 1) {
    const best = bestOf(logits, frame);
    if (best !== last) {
      endRun(frame);
      last = best;
      startFrame = frame;
      sum = 0;
    }
    // Most frames are blank, and nobody asks how sure the model is of nothing.
    if (best !== blankAt) sum += probabilityOf(best, logits, frame);
  }
  endRun(logits.frames);
  return heard;
}

/** The best token of a frame, the first of equals. */
function bestOf({ values, tokens }: Logits, frame: number): number {
  const row = frame * tokens;
  let best = 0;
  for (let at = 1; at < tokens; at += 1) if (values[row + at]! > values[row + best]!) best = at;
  return best;
}

/** The softmax of the best token. */
function probabilityOf(best: number, { values, tokens }: Logits, frame: number): number {
  const row = frame * tokens;
  let sum = 0;
  // Every exponent is 0 or less, so extreme logits give 1 or 0, never infinity.
  for (let at = 0; at < tokens; at += 1) sum += Math.exp(values[row + at]! - values[row + best]!);
  return 1 / sum;
}
