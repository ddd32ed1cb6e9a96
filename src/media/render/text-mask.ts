import { ADVANCE, CAPITAL_HEIGHT, FULL_HEIGHT, type Stroke, strokesOf, writable } from './glyphs.ts';

/** How much of each pixel is covered, 0 to 255, row by row. */
export interface Mask {
  width: number;
  height: number;
  cover: Uint8Array;
}

/** Writes text in one size. Characters are drawn once and kept. */
export interface Typeface {
  /** Height of capitals in pixels. */
  size: number;
  /** Width and height of a line of text in pixels. */
  measure(text: string): { width: number; height: number };
  /** The characters of a line, each with its distance from the line's left edge. */
  set(text: string): { mask: Mask; left: number }[];
}

export function createTypeface(size: number): Typeface {
  const unit = size / CAPITAL_HEIGHT;
  const known = new Map<string, Mask>();

  function maskOf(character: string): Mask {
    const mask = known.get(character) ?? drawStrokes(strokesOf(character), unit);
    known.set(character, mask);
    return mask;
  }

  return {
    size,
    measure: (text) => ({
      width: Math.ceil([...writable(text)].length * ADVANCE * unit),
      height: Math.ceil((FULL_HEIGHT + 1) * unit),
    }),
    set: (text) =>
      [...writable(text)].map((character, at) => ({ mask: maskOf(character), left: Math.round(at * ADVANCE * unit) })),
  };
}

/** Round pens of about a sixth of the capitals' height; never thinner than what stays readable. */
function drawStrokes(strokes: Stroke[], unit: number): Mask {
  const radius = Math.max(0.62, 0.52 * unit);
  // A unit of air to the left and above, so that no pen is cut off.
  const [width, height] = [Math.ceil((ADVANCE + 1) * unit), Math.ceil((FULL_HEIGHT + 2) * unit)];
  const cover = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [x, y] = [column + 0.5 - unit, row + 0.5 - unit];
      let nearest = Number.POSITIVE_INFINITY;
      for (const stroke of strokes) nearest = Math.min(nearest, distanceTo(stroke, unit, x, y));
      cover[row * width + column] = Math.round(255 * Math.min(1, Math.max(0, radius + 0.5 - nearest)));
    }
  }
  return { width, height, cover };
}

function distanceTo(stroke: Stroke, unit: number, x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < Math.max(1, stroke.length - 1); at += 1) {
    const [ax, ay] = stroke[at]!.map((value) => value * unit) as [number, number];
    const [bx, by] = (stroke[at + 1] ?? stroke[at]!).map((value) => value * unit) as [number, number];
    const squared = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / squared));
    nearest = Math.min(nearest, Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)));
  }
  return nearest;
}
