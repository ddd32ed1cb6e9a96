import type { GreyPicture } from './picture.ts';

/**
 * The picture at another size by linear interpolation between the centres of pixels, the border repeated; what OpenCV
 * calls INTER_LINEAR, in exact arithmetic.
 */
export function resizeLinear(picture: GreyPicture, width: number, height: number): GreyPicture {
  if (picture.width === width && picture.height === height) return picture;
  const columns = tapsFor(picture.width, width);
  const rows = tapsFor(picture.height, height);
  const grey = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y += 1) {
    const { first: top, second: bottom, share: down } = rows[y]!;
    for (let x = 0; x < width; x += 1, at += 1) {
      const { first: left, second: right, share: along } = columns[x]!;
      const upper = between(pixel(picture, left, top), pixel(picture, right, top), along);
      const lower = between(pixel(picture, left, bottom), pixel(picture, right, bottom), along);
      grey[at] = Math.floor(between(upper, lower, down) + 0.5);
    }
  }
  return { width, height, grey };
}

interface Taps {
  first: number;
  second: number;
  /** How much of the second there is in the mix. */
  share: number;
}

function tapsFor(from: number, to: number): Taps[] {
  return Array.from({ length: to }, (_, at) => {
    const place = Math.min(from - 1, Math.max(0, ((at + 0.5) * from) / to - 0.5));
    const first = Math.floor(place);
    return { first, second: Math.min(from - 1, first + 1), share: place - first };
  });
}

function pixel({ width, grey }: GreyPicture, x: number, y: number): number {
  return grey[y * width + x]!;
}

function between(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
