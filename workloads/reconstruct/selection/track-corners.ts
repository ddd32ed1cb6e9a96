import type { Grey } from './corners.ts';

/** A picture and its halves, the largest first. */
export type Pyramid = Grey[];

export interface Tracks {
  /** x, y where each corner was found again; not a number where it was lost. */
  places: Float64Array;
  found: number;
}

const LEVELS = 3;
const REACH = 3;
const ROUNDS = 6;
const STILL_PIXELS = 0.03;
// Mean difference of grey levels over the window beyond which it is another thing that was found.
const MOST_DIFFERENCE = 20;

export function pyramidOf(picture: Grey): Pyramid {
  const levels = [picture];
  while (levels.length < LEVELS) levels.push(halved(levels.at(-1)!));
  return levels;
}

/**
 * Follows corners from one picture into the next, from the coarsest level to the finest. Lucas and Kanade, "An Iterative
 * Image Registration Technique" (1981), in pyramids after Bouguet (2001).
 */
export function trackCorners(from: Pyramid, to: Pyramid, corners: Float64Array): Tracks {
  const places = new Float64Array(corners.length);
  let found = 0;
  for (let at = 0; at < corners.length; at += 2) {
    let guess: readonly [number, number] | undefined = [0, 0];
    for (let level = LEVELS - 1; level >= 0 && guess; level -= 1) {
      const scale = 2 ** level;
      guess = follow(
        from[level]!,
        to[level]!,
        corners[at]! / scale,
        corners[at + 1]! / scale,
        guess[0] * 2,
        guess[1] * 2,
      );
    }
    places[at] = guess ? corners[at]! + guess[0] : Number.NaN;
    places[at + 1] = guess ? corners[at + 1]! + guess[1] : Number.NaN;
    if (guess) found += 1;
  }
  return { places, found };
}

const SIDE = 2 * REACH + 1;
const template = new Float64Array(SIDE * SIDE);
const slopesAcross = new Float64Array(SIDE * SIDE);
const slopesAlong = new Float64Array(SIDE * SIDE);

/** @returns how far the window has moved, or undefined where it can't be found or leaves the picture. */
function follow(from: Grey, to: Grey, x: number, y: number, guessX: number, guessY: number) {
  if (!isInside(from, x, y)) return [guessX, guessY] as const;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let row = -REACH, at = 0; row <= REACH; row += 1) {
    for (let column = -REACH; column <= REACH; column += 1, at += 1) {
      const [px, py] = [x + column, y + row];
      template[at] = between(from, px, py);
      const across = (between(from, px + 1, py) - between(from, px - 1, py)) / 2;
      const along = (between(from, px, py + 1) - between(from, px, py - 1)) / 2;
      slopesAcross[at] = across;
      slopesAlong[at] = along;
      xx += across * across;
      xy += across * along;
      yy += along * along;
    }
  }
  const determinant = xx * yy - xy * xy;
  if (determinant < 1e-3) return undefined;
  let [moveX, moveY] = [guessX, guessY];
  let difference = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (!isInside(to, x + moveX, y + moveY)) return undefined;
    let [errorX, errorY] = [0, 0];
    difference = 0;
    for (let row = -REACH, at = 0; row <= REACH; row += 1) {
      for (let column = -REACH; column <= REACH; column += 1, at += 1) {
        const error = template[at]! - between(to, x + moveX + column, y + moveY + row);
        difference += Math.abs(error);
        errorX += error * slopesAcross[at]!;
        errorY += error * slopesAlong[at]!;
      }
    }
    const stepX = (yy * errorX - xy * errorY) / determinant;
    const stepY = (xx * errorY - xy * errorX) / determinant;
    moveX += stepX;
    moveY += stepY;
    if (stepX * stepX + stepY * stepY < STILL_PIXELS * STILL_PIXELS) break;
  }
  return difference / (SIDE * SIDE) > MOST_DIFFERENCE ? undefined : ([moveX, moveY] as const);
}

function isInside({ width, height }: Grey, x: number, y: number): boolean {
  const room = REACH + 1;
  return x >= room && y >= room && x < width - room - 1 && y < height - room - 1;
}

/** The grey level between four pixels. */
function between({ pixels, width }: Grey, x: number, y: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const at = row * width + column;
  const a = x - column;
  const top = pixels[at]! + (pixels[at + 1]! - pixels[at]!) * a;
  const bottom = pixels[at + width]! + (pixels[at + width + 1]! - pixels[at + width]!) * a;
  return top + (bottom - top) * (y - row);
}

function halved(picture: Grey): Grey {
  return shrink(picture.pixels, picture.width, picture.height, 2);
}

/** A picture whose pixels are the means of squares of `factor` by `factor`; what is left at the edges is left out. */
export function shrink(pixels: Uint8Array, width: number, height: number, factor: number): Grey {
  const [columns, rows] = [Math.floor(width / factor), Math.floor(height / factor)];
  const small = new Uint8Array(columns * rows);
  const sums = new Uint32Array(columns);
  const count = factor * factor;
  for (let row = 0; row < rows; row += 1) {
    sums.fill(0);
    for (let y = row * factor; y < (row + 1) * factor; y += 1) {
      for (let column = 0, at = y * width; column < columns; column += 1) {
        let sum = 0;
        for (const end = at + factor; at < end; at += 1) sum += pixels[at]!;
        sums[column]! += sum;
      }
    }
    for (let column = 0; column < columns; column += 1) small[row * columns + column] = sums[column]! / count + 0.5;
  }
  return { width: columns, height: rows, pixels: small };
}
