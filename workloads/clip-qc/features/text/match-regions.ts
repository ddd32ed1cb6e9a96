import type { Box } from '../picture.ts';

/** A piece of text as it was read in a frame. */
export interface TextRegion {
  box: Box;
  text: string;
  /** How sure the reader was, 0 to 1. */
  confidence: number;
}

/** Intersection over union of two boxes; 0 where either has no area. */
export function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

/**
 * Which region of the next frame each region of a frame became: in the order of the first frame, each takes the one that
 * overlaps it most of those not yet taken, if that is at least `minOverlap`.
 */
export function matchRegions<Region extends { box: Box }>(
  first: readonly Region[],
  second: readonly Region[],
  minOverlap: number,
): [Region, Region][] {
  const free = new Set(second);
  return first.flatMap((region): [Region, Region][] => {
    let [best, bestOverlap] = [undefined as Region | undefined, 0];
    for (const candidate of free) {
      const overlap = overlapOf(region.box, candidate.box);
      if (overlap >= minOverlap && overlap > bestOverlap) [best, bestOverlap] = [candidate, overlap];
    }
    if (best === undefined) return [];
    free.delete(best);
    return [[region, best]];
  });
}

function areaOf([x1, y1, x2, y2]: Box): number {
  return (x2 - x1) * (y2 - y1);
}
