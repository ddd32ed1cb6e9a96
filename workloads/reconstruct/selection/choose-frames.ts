import type { Look } from './watch-motion.ts';

/** A picture that may be chosen. */
export interface Candidate extends Look {
  sharpness: number;
}

export interface ChoiceRules {
  maxFrames: number;
  /** Less sharp pictures are left out. */
  blurThreshold: number;
  /** Chosen pictures are about this far apart: way of the picture's corners, as a part of its width. 0: all are wanted. */
  stepWidths: number;
}

export type Reason = 'blurred' | 'close to a chosen one' | 'less sharp than its neighbours';

export interface Choice {
  /** Positions of the chosen ones, rising. */
  chosen: number[];
  /** Why each of the others was not. */
  reasons: Map<number, Reason>;
  /** The camera's whole way, in widths of the picture. */
  wayWidths: number;
}

// Where the tracker lost most corners, the camera has moved at least this far.
const LOST_WIDTHS = 0.15;
// Well below its neighbours: a picture in the middle of a jerk of the hand.
const MUCH_LESS_SHARP = 0.5;
const NEIGHBOURS = 4;

/**
 * Spreads the chosen pictures evenly over the camera's way, not over time, and takes the sharpest near each place. Standing
 * still gives one picture, a fast turn many; more than `maxFrames` never.
 */
export function chooseFrames(candidates: readonly Candidate[], rules: ChoiceRules): Choice {
  const reasons = new Map<number, Reason>();
  const way: number[] = [];
  let length = 0;
  for (const [at, { motion }] of candidates.entries()) {
    if (at > 0) length += motion ?? LOST_WIDTHS;
    way.push(length);
    if (isBlurred(candidates, at, rules.blurThreshold)) reasons.set(at, 'blurred');
  }
  // Pictures that somebody took one by one are all wanted; those of a video only as far as the camera has moved.
  const wanted = rules.stepWidths === 0 ? candidates.length : Math.round(length / rules.stepWidths) + 1;
  const slots = Math.max(1, Math.min(rules.maxFrames, wanted));
  const bySlot = new Map<number, number>();
  for (const [at, candidate] of candidates.entries()) {
    if (reasons.has(at)) continue;
    const share = rules.stepWidths === 0 ? at / candidates.length : length === 0 ? 0 : way[at]! / length;
    const slot = Math.min(slots - 1, Math.floor(share * slots));
    const best = bySlot.get(slot);
    if (best === undefined) {
      bySlot.set(slot, at);
      continue;
    }
    const [loser, winner] = candidate.sharpness > candidates[best]!.sharpness ? [best, at] : [at, best];
    reasons.set(
      loser,
      candidate.sharpness > 0.9 * candidates[winner]!.sharpness
        ? 'close to a chosen one'
        : 'less sharp than its neighbours',
    );
    bySlot.set(slot, winner);
  }
  const chosen = [...bySlot.values()].sort((one, other) => one - other);
  return { chosen, reasons, wayWidths: length };
}

/** Below what the job asks, or far below the pictures around: what is sharp depends on what is looked at. */
function isBlurred(candidates: readonly Candidate[], at: number, threshold: number): boolean {
  const { sharpness } = candidates[at]!;
  if (sharpness < threshold) return true;
  const around = candidates.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1).map((one) => one.sharpness);
  return sharpness < MUCH_LESS_SHARP * around.sort((one, other) => one - other)[around.length >> 1]!;
}
