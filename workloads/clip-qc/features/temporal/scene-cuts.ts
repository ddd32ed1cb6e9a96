export interface SceneCutRule {
  /** SSIM of a pair below which a cut may lie between its frames. */
  ssimBelow: number;
  /** So many pairs after it must each be alike for the cut to be confirmed. */
  confirmingPairs: number;
  /** SSIM that each of them must exceed. */
  confirmedAbove: number;
  /** Segments of fewer frames are not judged. */
  minSegmentFrames: number;
}

/** Frames `first` to `last`, both included, between two cuts. Pair i is that of the frames i and i + 1. */
export interface Segment {
  first: number;
  last: number;
}

/**
 * The frames after which the scene is cut: two unlike frames, and a steady picture after them. A pair that has not enough
 * followers is not tested, so what changes late stays inside its segment.
 */
export function findSceneCuts(ssim: readonly number[], rule: SceneCutRule): number[] {
  return [...ssim.keys()].filter((pair) => {
    const followers = ssim.slice(pair + 1, pair + 1 + rule.confirmingPairs);
    return (
      ssim[pair]! < rule.ssimBelow &&
      followers.length === rule.confirmingPairs &&
      followers.every((similar) => similar > rule.confirmedAbove)
    );
  });
}

/** The stretches between cuts that are long enough to be judged. */
export function segmentsBetween(frames: number, cuts: readonly number[], minSegmentFrames: number): Segment[] {
  const firsts = [0, ...cuts.map((cut) => cut + 1)];
  const lasts = [...cuts, frames - 1];
  return firsts
    .map((first, at) => ({ first, last: lasts[at]! }))
    .filter(({ first, last }) => last - first + 1 >= minSegmentFrames);
}
