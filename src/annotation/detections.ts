import { type Box, type Corners, clip, roundBox, type Size } from './boxes.ts';

/** One found object, in pixels of the picture as it is stored. */
export interface Detection {
  box: Box;
  /** From 0 to 1. */
  score: number;
  classIndex: number;
  label: string;
}

/** A box that a model proposes, before suppression. */
export interface Candidate {
  corners: Corners;
  score: number;
  classIndex: number;
}

/**
 * A candidate as it is written: clipped to the picture, edges on hundredths of a pixel, the score on five decimals
 * (a float32 score near 1 carries seven, so that two machines may differ in the last two). Undefined when nothing of
 * the box is left.
 */
export function toDetection(
  { corners, score, classIndex }: Candidate,
  size: Size,
  classes: readonly string[],
): Detection | undefined {
  const box = roundBox(clip(corners, size));
  if (box[2] <= 0 || box[3] <= 0) return undefined;
  return { box, score: roundScore(score), classIndex, label: classes[classIndex] ?? `class_${classIndex}` };
}

/** A score on the five decimals that we write. */
export function roundScore(score: number): number {
  return Math.round(score * 1e5) / 1e5;
}
