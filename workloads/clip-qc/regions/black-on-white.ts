import { cropOf, type GreyPicture } from '../features/picture.ts';
import type { TextPlace } from './find-text.ts';
import { localContrast } from './local-contrast.ts';

/** Readers want a quiet zone around a line; 10 pixels is what the authors of tesseract advise. */
export const MARGIN = 10;

// The darkest thousandth part of the ink is taken for black: a single bright pixel must not make the rest pale.
const BLACK_PART = 0.02;

/**
 * A line of text as print: what is lighter (or darker) than its surroundings in black, everything else in white, with a
 * quiet margin. The picture behind the letters, and the edge of a sign's plate, would be read as letters.
 */
export function blackOnWhite(picture: GreyPicture, { box, ink }: TextPlace): GreyPicture {
  const [x1, y1, x2, y2] = box;
  const radius = Math.max(12, Math.round((y2 - y1) * 0.7));
  const around = cropOf(picture, [x1 - radius, y1 - radius, x2 + radius, y2 + radius]);
  const { differences } = localContrast(around, radius);
  const [left, top] = [x1 - Math.max(0, x1 - radius), y1 - Math.max(0, y1 - radius)];
  const [width, height] = [x2 - x1 + 2 * MARGIN, y2 - y1 + 2 * MARGIN];
  const sign = ink === 'light' ? 1 : -1;
  const inks = new Int16Array((x2 - x1) * (y2 - y1));
  for (let y = y1, to = 0; y < y2; y += 1) {
    const from = (top + y - y1) * around.width + left;
    for (let x = 0; x < x2 - x1; x += 1, to += 1) inks[to] = Math.max(0, sign * differences[from + x]!);
  }
  const black = Math.max(1, inks.toSorted()[Math.floor(inks.length * (1 - BLACK_PART))] ?? 1);
  const grey = new Uint8Array(width * height).fill(255);
  for (let row = 0, from = 0; row < y2 - y1; row += 1) {
    for (let column = 0, to = (row + MARGIN) * width + MARGIN; column < x2 - x1; column += 1, to += 1, from += 1) {
      grey[to] = 255 - Math.min(255, Math.round((255 * inks[from]!) / black));
    }
  }
  return { width, height, grey };
}
