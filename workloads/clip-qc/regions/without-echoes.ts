import type { Box } from '../features/picture.ts';
import type { TextRegion } from '../features/text/match-regions.ts';

// Two lines do not share half of the smaller one's area; two readings of one line do.
const SAME = 0.5;

/**
 * Each line once, in the order in which they were found. The edge of a sign's plate makes a second place of the same line,
 * in which parts of it are read again; of such readings the one with more characters the reader is sure of stays.
 */
export function withoutEchoes(regions: readonly TextRegion[]): TextRegion[] {
  const kept: TextRegion[] = [];
  for (const region of regions.toSorted((a, b) => certainCharacters(b) - certainCharacters(a))) {
    if (kept.every(({ box }) => sharedPart(box, region.box) < SAME)) kept.push(region);
  }
  return regions.filter((region) => kept.includes(region));
}

function certainCharacters({ text, confidence }: TextRegion): number {
  return confidence * text.length;
}

/** The shared area over that of the smaller box. */
function sharedPart(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.max(1, Math.min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1])));
}
