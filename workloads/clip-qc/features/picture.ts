/** A grey picture, rows from the top, 0-255. */
export interface GreyPicture {
  width: number;
  height: number;
  grey: Uint8Array;
}

/** A colour picture, rows from the top, R G B interleaved. */
export interface RgbPicture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** Left, top, right and bottom in pixels; right and bottom are outside of the box. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** Luma by ITU-R BT.601 in 16-bit fixed point, 0.299 R + 0.587 G + 0.114 B, rounded. */
export function greyOf({ width, height, rgb }: RgbPicture): GreyPicture {
  const grey = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel += 1, at += 3) {
    grey[pixel] = (rgb[at]! * 19595 + rgb[at + 1]! * 38470 + rgb[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return { width, height, grey };
}

/** The part of a picture inside a box, which may reach over the border; what is outside is left out. */
export function cropOf({ width, height, grey }: GreyPicture, [x1, y1, x2, y2]: Box): GreyPicture {
  const [left, top] = [clamp(Math.floor(x1), width), clamp(Math.floor(y1), height)];
  const [right, bottom] = [clamp(Math.ceil(x2), width), clamp(Math.ceil(y2), height)];
  const crop = { width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
  const pixels = new Uint8Array(crop.width * crop.height);
  for (let row = 0; row < crop.height; row += 1) {
    const from = (top + row) * width + left;
    pixels.set(grey.subarray(from, from + crop.width), row * crop.width);
  }
  return { ...crop, grey: pixels };
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
