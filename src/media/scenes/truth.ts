import type { Canvas, Reach } from './canvas.ts';
import type { Label } from './scene.ts';

/** A labelled thing and its box: x, y, width, height in whole pixels, around the pixels that it covers by a half or more. */
export type Truth = {
  label: Label;
  box: readonly [number, number, number, number];
  /** Who it is: the same number on every frame of the scene. */
  actor?: number;
};

/** What drawing an actor left behind: its id, how far it reached, and how many pixels it painted before others hid some. */
export type Traces = { id: number; reach: Reach; painted: number };

/** Less than this share to be seen, and nobody would draw a box around it. */
const SMALLEST_VISIBLE_SHARE = 0.35;
/** The longer side of a box, at least, as a share of the picture's width: 10 pixels in 640. */
const SMALLEST_SIDE_SHARE = 1 / 64;

/**
 * The tight box around an actor's visible pixels. Undefined where less than 35 % of it can be seen (hidden by others
 * or outside of the picture), or where the box's longer side is below 1/64 of the picture's width.
 */
export function visibleBox({ owner, width, height }: Canvas, { id, reach, painted }: Traces): Truth['box'] | undefined {
  const left = Math.max(0, Math.floor(reach.left));
  const right = Math.min(width, Math.ceil(reach.right));
  const top = Math.max(0, Math.floor(reach.top));
  const bottom = Math.min(height, Math.ceil(reach.bottom));
  let [minX, minY, maxX, maxY, visible] = [right, bottom, left - 1, top - 1, 0];
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      if (owner[row * width + column] !== id) continue;
      visible++;
      minX = Math.min(minX, column);
      maxX = Math.max(maxX, column);
      minY = Math.min(minY, row);
      maxY = row;
    }
  }
  if (visible === 0) return undefined;
  const insideShare = ((right - left) * (bottom - top)) / ((reach.right - reach.left) * (reach.bottom - reach.top));
  const visibleShare = (visible / painted) * Math.min(1, insideShare);
  const box = [minX, minY, maxX - minX + 1, maxY - minY + 1] as const;
  if (visibleShare < SMALLEST_VISIBLE_SHARE || Math.max(box[2], box[3]) < width * SMALLEST_SIDE_SHARE) return undefined;
  return box;
}
