import type { Box } from '../features/picture.ts';
import type { Evidence } from '../result.ts';

/** A place of a sampled frame that shows something. */
export interface Spot {
  /** Number of the sampled frame. */
  frame: number;
  box: Box;
  note: string;
}

export interface FoundEvidence {
  level: Evidence['level'];
  spots: Spot[];
}

/** Evidence with the source's frame numbers and times; null where nothing could be shown. */
export function toEvidence(
  { level, spots }: FoundEvidence,
  frames: readonly { index: number; seconds: number }[],
): Evidence | null {
  const boxes = spots
    .toSorted((a, b) => a.frame - b.frame)
    .map(({ frame, box, note }) => {
      const { index, seconds } = frames[frame]!;
      return { frame, sourceFrame: index, seconds, box: [...box] as [number, number, number, number], note };
    });
  return boxes.length === 0 ? null : { level, boxes };
}
