import type { FrameSource, SourceFrame } from './frame-source.ts';

/**
 * The frames on screen at the given times: for each time the last frame that is not later, or the first of all. Every
 * frame is held back until the one after it is known. Decoding ends after the last time.
 */
export async function* framesOnScreen(source: FrameSource, times: readonly number[]): AsyncGenerator<SourceFrame> {
  const sorted = times.toSorted((a, b) => a - b);
  let next = 0;
  let held: SourceFrame | undefined;
  for await (const frame of source.frames()) {
    if (held) {
      const after = sorted.findIndex((time, at) => at >= next && time >= frame.seconds);
      const end = after < 0 ? sorted.length : after;
      if (end > next) yield held;
      else source.giveBack(held.buffer);
      next = end;
    }
    held = frame;
    if (next === sorted.length) break;
  }
  if (!held) return;
  if (next < sorted.length) yield held;
  else source.giveBack(held.buffer);
}
