import { createKeptFrames } from './kept-frames.ts';
import { hashToHex, type PerceptualHash } from './perceptual-hash.ts';

/** What was found about one sampled frame. */
export interface FrameRecord {
  /** Number of the frame in the source, from 0. */
  index: number;
  /** Presentation time in seconds from the start of the file. */
  seconds: number;
  verdict: 'kept' | 'blurry' | 'duplicate';
  /** Variance of the 3x3 Laplacian of the full-range BT.601 grey picture. */
  sharpness: number;
  /** Perceptual hash, 16 hex digits. */
  hash: string;
  /** Index of the kept frame that this one repeats. */
  duplicateOf?: number;
  /** Name of the JPEG, of the frames that have one. */
  file?: string;
}

export interface CleaningRules {
  blur: { threshold: number } | undefined;
  dedup: { maxDistance: number } | undefined;
}

export interface FrameMeasures {
  index: number;
  sharpness: number;
  hash: PerceptualHash;
}

export type FrameVerdict = Pick<FrameRecord, 'verdict' | 'duplicateOf'>;

/**
 * Judges frames in order: blurry if less sharp than the threshold, else a duplicate if near enough to any frame kept
 * before, else kept. Of equal frames the first wins.
 */
export function createFrameJudge({ blur, dedup }: CleaningRules): (frame: FrameMeasures) => FrameVerdict {
  const kept = dedup && createKeptFrames(dedup.maxDistance);
  const indexes: number[] = [];
  return ({ index, sharpness, hash }) => {
    if (blur && sharpness < blur.threshold) return { verdict: 'blurry' };
    if (!kept) return { verdict: 'kept' };
    const near = kept.firstNear(hash);
    if (near >= 0) return { verdict: 'duplicate', duplicateOf: indexes[near]! };
    kept.keep(hash);
    indexes.push(index);
    return { verdict: 'kept' };
  };
}

/** The record of a judged frame, its keys in one order. */
export function toFrameRecord(
  { index, seconds, sharpness, hash }: FrameMeasures & { seconds: number },
  { verdict, duplicateOf }: FrameVerdict,
  file: string | undefined,
): FrameRecord {
  return {
    ...{ index, seconds, verdict, sharpness, hash: hashToHex(hash) },
    ...(duplicateOf === undefined ? {} : { duplicateOf }),
    ...(file === undefined ? {} : { file }),
  };
}

/** The JPEG's name of a frame: its source number, with 6 digits or more. */
export function frameFileName(index: number): string {
  return `frame_${String(index).padStart(6, '0')}.jpg`;
}
