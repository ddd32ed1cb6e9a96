import type { GreyPicture } from '../features/picture.ts';

/** How much lighter (above 0) or darker each pixel is than its surroundings. */
export interface Contrast extends Pick<GreyPicture, 'width' | 'height'> {
  differences: Int16Array;
}

/** Compares each pixel with the mean of the square of `2 * radius + 1` pixels around it; the border lacks a part of it. */
export function localContrast({ width, height, grey }: GreyPicture, radius: number): Contrast {
  const differences = new Int16Array(width * height);
  const columns = new Int32Array(width);
  let rows = 0;
  const addRow = (y: number, sign: 1 | -1) => {
    rows += sign;
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) columns[x]! += sign * grey[at]!;
  };
  for (let y = 0; y < Math.min(radius, height); y += 1) addRow(y, 1);
  for (let y = 0; y < height; y += 1) {
    if (y + radius < height) addRow(y + radius, 1);
    if (y > radius) addRow(y - radius - 1, -1);
    let sum = 0;
    let wide = 0;
    for (let x = 0; x < Math.min(radius, width); x += 1, wide += 1) sum += columns[x]!;
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      if (x + radius < width) {
        sum += columns[x + radius]!;
        wide += 1;
      }
      if (x > radius) {
        sum -= columns[x - radius - 1]!;
        wide -= 1;
      }
      differences[at] = grey[at]! - sum / (wide * rows);
    }
  }
  return { width, height, differences };
}

/** The picture at half its width and height, each pixel the mean of four; an odd last row or column is left out. */
export function halve({ width, height, grey }: GreyPicture): GreyPicture {
  const [w, h] = [width >> 1, height >> 1];
  const half = new Uint8Array(w * h);
  for (let y = 0, to = 0; y < h; y += 1) {
    for (let x = 0, from = 2 * y * width; x < w; x += 1, to += 1, from += 2) {
      half[to] = (grey[from]! + grey[from + 1]! + grey[from + width]! + grey[from + width + 1]! + 2) >> 2;
    }
  }
  return { width: w, height: h, grey: half };
}
