import { boxBetween } from '#annotation/tracking/interpolate';
import type { ShownBox } from '#media/render/overlay';
import type { TrackedFrame } from './contract.ts';

type Boxes = TrackedFrame['boxes'];

/**
 * The boxes to draw on each of the source's frames from `first` on, `count` of them. Between two sampled frames an object
 * of both is on the straight way from one to the other; what was seen only on the earlier one stays for half of the time.
 */
export async function* boxesPerFrame(
  tracked: AsyncIterable<TrackedFrame>,
  { first, count, times }: { first: number; count: number; times: (frame: number) => number },
): AsyncGenerator<ShownBox[], void, undefined> {
  let earlier: TrackedFrame | undefined;
  let next = first;
  for await (const later of tracked) {
    for (; next < Math.min(later.frame, first + count); next += 1)
      yield earlier ? between(earlier, later, times(next)) : [];
    if (next >= first + count) return;
    earlier = later;
  }
  // After the last sampled frame nothing new can be known.
  for (; next < first + count; next += 1) yield earlier ? [...earlier.boxes] : [];
}

function between(earlier: TrackedFrame, later: TrackedFrame, seconds: number): ShownBox[] {
  const share = (seconds - earlier.seconds) / (later.seconds - earlier.seconds);
  if (share <= 0) return [...earlier.boxes];
  const ahead = new Map(later.boxes.flatMap((box) => (box.track === undefined ? [] : [[box.track, box] as const])));
  return earlier.boxes.flatMap((box): Boxes => {
    const target = box.track === undefined ? undefined : ahead.get(box.track);
    if (target) return [{ ...box, box: boxBetween(box.box, target.box, share) }];
    return share <= 0.5 ? [box] : [];
  });
}
