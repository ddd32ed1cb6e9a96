import { roundScore } from '../detections.ts';
import { boxBetween } from './interpolate.ts';
import { createTracker, type Found, type Track } from './tracker.ts';

/** An object on a frame, with the number of its track where it has one. */
export type Followed<F extends Found> = F & { track?: number; interpolated?: true };

interface SeenFrame<F extends Found> {
  seconds: number;
  boxes: readonly F[];
}

interface HeldFrame<F extends Found> {
  frame: SeenFrame<F>;
  boxes: { found: F; track: Track | undefined; interpolated?: true }[];
}

export interface FollowRule {
  /** For how long an object may be out of sight and still be the same one. */
  maxLostSeconds: number;
  /** Gaps of a track up to this length are filled with boxes; a longer one means that it was hidden. */
  maxFillSeconds: number;
  /** An object has its number from the first box with this score on: objects that never have one may be mistakes. */
  sureScore: number;
}

// Seen once it may be a mistake of the detector too.
const HITS_OF_A_TRACK = 2;

/**
 * Numbers the objects of a video's sampled frames so that one object keeps its number, and fills in where it was lost for a
 * moment. Numbers count from 1 in order of appearance. Frames are held back for as long as an object may be lost,
 * so that memory does not grow with the length.
 */
export async function* followObjects<F extends Found, Frame extends SeenFrame<F>>(
  frames: AsyncIterable<Frame> | Iterable<Frame>,
  rule: FollowRule,
): AsyncGenerator<Omit<Frame, 'boxes'> & { boxes: Followed<F>[] }, void, undefined> {
  const tracker = createTracker(rule);
  const numbers = new WeakMap<Track, number>();
  const held: HeldFrame<F>[] = [];
  let count = 0;

  function release({ frame, boxes }: HeldFrame<F>): Omit<Frame, 'boxes'> & { boxes: Followed<F>[] } {
    const followed = boxes.map(({ found, track, interpolated }): Followed<F> => {
      if (!track || track.hits < HITS_OF_A_TRACK) return found;
      if (!numbers.has(track)) count += 1;
      const number = numbers.get(track) ?? count;
      numbers.set(track, number);
      return { ...found, track: number, ...(interpolated ? { interpolated } : {}) };
    });
    return { ...(frame as Frame), boxes: followed };
  }

  for await (const frame of frames) {
    const tracks = tracker.follow(frame.boxes, frame.seconds);
    for (const [at, track] of tracks.entries())
      if (track) fillGap(held, { found: frame.boxes[at]!, track, seconds: frame.seconds }, rule);
    held.push({ frame, boxes: frame.boxes.map((found, at) => ({ found, track: tracks[at] })) });
    while (frame.seconds - held[0]!.frame.seconds > rule.maxLostSeconds) yield release(held.shift()!);
  }
  for (const rest of held) yield release(rest);
}

/** Puts a track's box on the held frames between the one on which it was last seen and now. */
function fillGap<F extends Found>(
  held: HeldFrame<F>[],
  { found, track, seconds }: { found: F; track: Track; seconds: number },
  { maxFillSeconds }: FollowRule,
): void {
  const last = held.findLastIndex(({ boxes }) => boxes.some((box) => box.track === track));
  if (last < 0 || seconds - held[last]!.frame.seconds > maxFillSeconds) return;
  const before = held[last]!.boxes.find((box) => box.track === track)!.found;
  const begin = held[last]!.frame.seconds;
  for (const { frame, boxes } of held.slice(last + 1)) {
    const share = (frame.seconds - begin) / (seconds - begin);
    const score = roundScore(before.score + (found.score - before.score) * share);
    const filled = { ...found, box: boxBetween(before.box, found.box, share), score };
    boxes.push({ found: filled, track, interpolated: true });
  }
}
