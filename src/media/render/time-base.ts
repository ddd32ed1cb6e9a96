import type { FrameStamp, PictureFacts } from './survey-log.ts';

export type TimeBase = PictureFacts['timeBase'];

// MP4 counts a frame's duration in 32 bits: at this rate a frame may stay for 42 seconds.
const FINEST = 100_000_000;

/** The time base of an MP4 track in which every time stamp of the source is a whole number, as long as there is one. */
export function outputTimeBase({ denominator }: TimeBase): TimeBase {
  return { numerator: 1, denominator: denominator <= FINEST ? denominator : 1_000_000 };
}

/** Ticks of one time base in another. */
export function rescale(ticks: number, from: TimeBase, to: TimeBase): number {
  // Whole numbers all the way: a day in nanoseconds times a rate is beyond what a double is exact for.
  const up = BigInt(ticks) * BigInt(from.numerator) * BigInt(to.denominator);
  const down = BigInt(from.denominator) * BigInt(to.numerator);
  const doubled = 2n * up + (up < 0n ? -down : down);
  return Number(doubled / (2n * down));
}

/** When a frame is shown, in seconds of the file. */
export function secondsAt({ ticks }: Pick<FrameStamp, 'ticks'>, { timeBase }: Pick<PictureFacts, 'timeBase'>): number {
  return (ticks * timeBase.numerator) / timeBase.denominator;
}
