import type { AcousticModelDescription } from '../models.ts';

/** How a recording is cut that is too long to be heard at once. */
export interface WindowRule {
  windowSeconds: number;
  /** What two windows share; each is trusted up to the middle of it, where it still has seen what comes around. */
  overlapSeconds: number;
}

/** A stretch of a recording, and which of the recording's frames are taken from it. */
export interface Piece {
  samples: Float32Array;
  firstFrame: number;
  /** Of the recording: from, up to (not including). */
  fromFrame: number;
  toFrame: number;
}

/** How many frames a model makes of so many samples. */
export function framesOf(
  samples: number,
  { frameSamples, firstFrameSamples }: AcousticModelDescription['output'],
): number {
  return Math.max(0, Math.floor((samples - firstFrameSamples) / frameSamples) + 1);
}

/**
 * Cuts a recording into windows that begin at a frame each. One that is short enough is one piece.
 * @throws RangeError for a rule without room for an overlap: a mistake of the caller.
 */
export function piecesOf(
  samples: Float32Array,
  { input, output }: Pick<AcousticModelDescription, 'input' | 'output'>,
  { windowSeconds, overlapSeconds }: WindowRule,
): Piece[] {
  const inFrames = (seconds: number) => Math.round((seconds * input.sampleRateHz) / output.frameSamples);
  const window = inFrames(windowSeconds);
  const overlap = inFrames(overlapSeconds);
  const first = Math.ceil(output.firstFrameSamples / output.frameSamples);
  if (overlap < 2 * (first + 1) || window < 2 * overlap) {
    throw new RangeError(`Windows of ${windowSeconds} s can't overlap by ${overlapSeconds} s.`);
  }
  const frames = framesOf(samples.length, output);
  const pieces: Piece[] = [];
  for (let start = 0; ; start += window - overlap) {
    const end = (start + window) * output.frameSamples;
    const isLast = end >= samples.length;
    pieces.push({
      samples: samples.subarray(start * output.frameSamples, end),
      firstFrame: start,
      fromFrame: start === 0 ? 0 : start + Math.floor(overlap / 2),
      toFrame: isLast ? frames : start + window - overlap + Math.floor(overlap / 2),
    });
    if (isLast) return pieces;
  }
}

/** The rows of a whole recording, from those of its pieces. */
export function stitched(pieces: readonly (Piece & { values: Float32Array })[], tokens: number): Float32Array {
  const [only] = pieces;
  if (pieces.length === 1) return only!.values;
  const whole = new Float32Array(pieces.at(-1)!.toFrame * tokens);
  for (const { values, firstFrame, fromFrame, toFrame } of pieces) {
    whole.set(values.subarray((fromFrame - firstFrame) * tokens, (toFrame - firstFrame) * tokens), fromFrame * tokens);
  }
  return whole;
}
