import type { Box, GreyPicture } from '../features/picture.ts';
import { type Blob, blobsOf, type InkKind } from './blobs.ts';
import { halve, localContrast } from './local-contrast.ts';

/** A place that may hold a line of text, and whether its letters are lighter or darker than their ground. */
export interface TextPlace {
  box: Box;
  ink: InkKind;
}

// Pictures of so many rows and more are looked at in half their size: what is legible in them is large enough.
const HALVED_FROM = 480;
const RADIUS = 16;
// A stroke is lighter or darker than its surroundings by this much.
const CONTRAST = 20;
const LEAST_HEIGHT = 6;
const MOST_HEIGHT = 0.25;
// Fewer letters in a row are as often a fence, a window or leaves.
const LEAST_LETTERS = 4;
// A stroke's thickness over the height of its letter: bolder ones are bricks and windows, thinner ones outlines.
const BOLDEST = 0.42;
const THINNEST = 0.06;
const PAD = 0.14;
/** Beyond this many places a picture is a texture, and not more of them would be text. */
const MOST_PLACES = 24;

/**
 * The places of a frame that may hold a line of text, from top to bottom: patches that are lighter or darker than what
 * surrounds them, made of strokes, about as high as each other and standing in a row. Reading is slow, so only these
 * places are read.
 */
export function findText(picture: GreyPicture): TextPlace[] {
  const scale = picture.height >= HALVED_FROM ? 2 : 1;
  const seen = scale === 2 ? halve(picture) : picture;
  const letters = blobsOf(localContrast(seen, RADIUS), CONTRAST).filter((blob) => mayBeLetter(blob, seen.height));
  return (['light', 'dark'] as const)
    .flatMap((ink) => rowsOf(letters.filter((letter) => letter.ink === ink)))
    .filter((row) => lettersIn(row) >= LEAST_LETTERS)
    .toSorted((a, b) => lettersIn(b) - lettersIn(a))
    .slice(0, MOST_PLACES)
    .map((row) => ({ box: placeOf(row, scale, picture), ink: row[0]!.ink }))
    .sort((a, b) => a.box[1] - b.box[1] || a.box[0] - b.box[0]);
}

function mayBeLetter({ x1, y1, x2, y2, pixels, edge }: Blob, pictureHeight: number): boolean {
  const [width, height] = [x2 - x1, y2 - y1];
  const thickness = thicknessOf({ pixels, edge });
  return (
    height >= LEAST_HEIGHT &&
    height <= MOST_HEIGHT * pictureHeight &&
    // Letters may touch each other.
    width <= 4 * height &&
    thickness <= Math.max(2.5, BOLDEST * height) &&
    thickness >= THINNEST * height &&
    pixels > 0.1 * width * height
  );
}

/** Mean thickness of a patch's strokes: twice its pixels over those at its edge. */
function thicknessOf({ pixels, edge }: Pick<Blob, 'pixels' | 'edge'>): number {
  return (2 * pixels) / edge;
}

function alike(a: number, b: number): boolean {
  return Math.max(a, b) < 1.8 * Math.min(a, b) + 1;
}

/** Joins letters that stand beside each other, from left to right. */
function rowsOf(letters: readonly Blob[]): Blob[][] {
  const rows: Blob[][] = [];
  for (const letter of letters.toSorted((a, b) => a.x1 - b.x1 || a.y1 - b.y1)) {
    const row = rows.find((each) => follows(letter, each));
    if (row) row.push(letter);
    else rows.push([letter]);
  }
  return rows;
}

/** True if the letter comes after one of the row's last ones with no more than a word's gap, at about its height. */
function follows(letter: Blob, row: readonly Blob[]): boolean {
  return row.slice(-3).some((last) => {
    const [height, lastHeight] = [letter.y2 - letter.y1, last.y2 - last.y1];
    const highest = Math.max(height, lastHeight);
    const gap = letter.x1 - last.x2;
    const drop = Math.abs((letter.y1 + letter.y2) / 2 - (last.y1 + last.y2) / 2);
    return (
      gap < 1.1 * highest &&
      gap > -highest &&
      drop < 0.4 * highest &&
      Math.min(height, lastHeight) > 0.55 * highest &&
      alike(thicknessOf(letter), thicknessOf(last))
    );
  });
}

/** How many letters a row has; a patch that is wider than high is several that touch. */
function lettersIn(row: readonly Blob[]): number {
  return row.reduce((sum, { x1, y1, x2, y2 }) => sum + Math.max(1, Math.round((x2 - x1) / (y2 - y1))), 0);
}

function placeOf(row: readonly Blob[], scale: number, { width, height }: GreyPicture): Box {
  const [x1, y1] = [Math.min(...row.map((each) => each.x1)) * scale, Math.min(...row.map((each) => each.y1)) * scale];
  const [x2, y2] = [Math.max(...row.map((each) => each.x2)) * scale, Math.max(...row.map((each) => each.y2)) * scale];
  const pad = Math.ceil((y2 - y1) * PAD) + scale;
  return [Math.max(0, x1 - pad), Math.max(0, y1 - pad), Math.min(width, x2 + pad), Math.min(height, y2 + pad)];
}
