import { MAX_SHARDS } from '#core/shards';
import type { FrameLine } from './contract.ts';

/**
 * Cuts a video into segments of about `framesPerSegment` frames that are rendered side by side, at most 40. A segment
 * begins at a key frame of the source, because nothing before it is needed to decode it; a video without is one segment.
 */
export async function planSegments(
  frames: AsyncIterable<Pick<FrameLine, 'key'>>,
  framesPerSegment: number,
): Promise<{ first: number; count: number }[]> {
  const keys: number[] = [];
  let count = 0;
  for await (const { key } of frames) {
    if (key) keys.push(count);
    count += 1;
  }
  const least = Math.max(framesPerSegment, Math.ceil(count / MAX_SHARDS));
  const starts = [0];
  // A last segment of less than half is not worth a task.
  for (const key of keys) if (key - starts.at(-1)! >= least && count - key >= least / 2) starts.push(key);
  return starts.map((first, at) => ({ first, count: (starts[at + 1] ?? count) - first }));
}
