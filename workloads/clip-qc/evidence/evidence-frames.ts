import type { Finding } from '../result.ts';

/** At most so many pictures are kept: more make a report slow to open, and nobody looks at them. */
export const MOST_PICTURES = 12;

/**
 * Which sampled frames are kept as pictures: those with evidence and, so that a jump can be seen, the one before each; of
 * a clip without a finding a few that are spread over it.
 */
export function evidenceFrames(
  { category, evidence }: Pick<Finding, 'category' | 'evidence'>,
  count: number,
): number[] {
  if (evidence === null) return spread(count, Math.min(count, 4));
  const named = evidence.boxes.map(({ frame }) => frame);
  const wanted = category === 'TEMPORAL_FLICKER' ? named.flatMap((frame) => [Math.max(0, frame - 1), frame]) : named;
  return [...new Set(wanted)].sort((a, b) => a - b).slice(0, MOST_PICTURES);
}

function spread(count: number, most: number): number[] {
  if (most <= 1) return [0];
  return Array.from({ length: most }, (_, at) => Math.round((at * (count - 1)) / (most - 1)));
}

/** The picture's path in the result, by its number in the source. */
export function pictureName(sourceFrame: number): string {
  return `frames/frame_${String(sourceFrame).padStart(6, '0')}.jpg`;
}
