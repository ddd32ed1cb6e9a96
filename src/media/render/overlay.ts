import { type ColourSpace, type Paint, paintOf, type Rgb } from './paint-colour.ts';
import { createTypeface } from './text-mask.ts';
import { createYuvPicture } from './yuv-picture.ts';

/** Left and top edge, width and height, in pixels. */
type Box = readonly [x: number, y: number, width: number, height: number];

/** A box as it stands on one frame, in pixels of that frame. */
export interface ShownBox {
  box: Box;
  label: string;
  /** Place of the class in the list of all classes; gives the box its colour. */
  classIndex: number;
  score: number;
  /** Identity over time. */
  track?: number | undefined;
}

export interface OverlayStyle {
  labels: boolean;
  confidence: boolean;
  legend: boolean;
}

export interface Overlay {
  /** Bytes of a picture. */
  bytes: number;
  /** Draws boxes onto a picture in place. A frame without boxes stays as it is. */
  draw(picture: Uint8Array, boxes: readonly ShownBox[]): void;
}

// Okabe and Ito, "Color Universal Design" (2008): colours that people with colour vision deficiencies can tell apart.
const COLOURS: readonly Rgb[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
];
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
// Above this BT.601 luma black text is easier to read than white.
const LIGHT = 128;

export function colourOfClass(classIndex: number): Rgb {
  return COLOURS[classIndex % COLOURS.length]!;
}

/** What the boxes of a video of this size are drawn with: lines and letters grow with the picture. */
export function createOverlay(
  { width, height }: { width: number; height: number },
  colours: ColourSpace,
  style: OverlayStyle,
): Overlay {
  const picture = createYuvPicture(width, height, colours.bitDepth);
  const short = Math.min(width, height);
  const line = Math.max(2, Math.round(short / 270));
  const type = createTypeface(Math.max(8, Math.round(short / 60)));
  const pad = Math.max(2, Math.round(type.size / 3));
  const paints = new Map<string, Paint>();

  function paint(rgb: Rgb): Paint {
    const known = paints.get(rgb.join()) ?? paintOf(rgb, colours);
    paints.set(rgb.join(), known);
    return known;
  }

  function frame([x, y, w, h]: Box, colour: Paint): void {
    const [left, top, right, bottom] = [x, y, x + w, y + h].map(Math.round) as [number, number, number, number];
    // A tiny box is all line.
    const thick = Math.max(1, Math.min(line, (right - left) >> 1, (bottom - top) >> 1));
    picture.fill([left, top, right, top + thick], colour);
    picture.fill([left, bottom - thick, right, bottom], colour);
    picture.fill([left, top + thick, left + thick, bottom - thick], colour);
    picture.fill([right - thick, top + thick, right, bottom - thick], colour);
  }

  function write(text: string, left: number, top: number, colour: Paint): void {
    // Masks begin a font unit above and left of the letters.
    const unit = Math.round(type.size / 6);
    for (const character of type.set(text))
      picture.stamp(character.mask, left + character.left - unit, top - unit, colour);
  }

  function label({ box, ...shown }: ShownBox): void {
    const rgb = colourOfClass(shown.classIndex);
    const [left, top] = [Math.round(box[0]), Math.round(box[1])];
    const text = labelOf(shown, style);
    if (text === '') return;
    const size = type.measure(text);
    const high = type.size + 2 * pad;
    const x = Math.max(0, Math.min(left, width - size.width - 2 * pad));
    // Above the box, or within where the picture ends.
    const y = top - high >= 0 ? top - high : Math.max(0, top);
    picture.fill([x, y, x + size.width + 2 * pad, y + high], paint(rgb));
    write(text, x + pad, y + pad, paint(isLight(rgb) ? BLACK : WHITE));
  }

  function legend(boxes: readonly ShownBox[]): void {
    const classes = countClasses(boxes);
    const lines = classes.map(({ label, count }) => `${label} ${count}`);
    const row = Math.round(type.size * 1.7);
    const wide = Math.max(...lines.map((text) => type.measure(text).width)) + type.size + 4 * pad;
    picture.fill([0, 0, wide, row * lines.length + 2 * pad], paint(BLACK), 0.6);
    for (const [at, text] of lines.entries()) {
      const top = pad + at * row + Math.round((row - type.size) / 2);
      picture.fill([pad, top, pad + type.size, top + type.size], paint(colourOfClass(classes[at]!.classIndex)));
      write(text, type.size + 3 * pad, top, paint(WHITE));
    }
  }

  return {
    bytes: picture.bytes,
    draw(bytes, boxes) {
      if (boxes.length === 0) return;
      picture.onto(bytes);
      // The surest last, so that no other covers it; and no line goes through a label.
      const inOrder = boxes.toSorted((a, b) => a.score - b.score);
      for (const { box, classIndex } of inOrder) frame(box, paint(colourOfClass(classIndex)));
      for (const box of inOrder) label(box);
      if (style.legend) legend(boxes);
    },
  };
}

function labelOf({ label, score, track }: Omit<ShownBox, 'box'>, { labels, confidence }: OverlayStyle): string {
  const name = labels ? [track === undefined ? '' : `#${track}`, label].filter(Boolean).join(' ') : '';
  if (!confidence) return name;
  return name === '' ? score.toFixed(2) : `${name}: ${score.toFixed(2)}`;
}

function countClasses(boxes: readonly ShownBox[]): { classIndex: number; label: string; count: number }[] {
  const groups = [...Map.groupBy(boxes, ({ classIndex }) => classIndex).values()];
  return groups
    .map((group) => ({ classIndex: group[0]!.classIndex, label: group[0]!.label, count: group.length }))
    .sort((a, b) => a.classIndex - b.classIndex);
}

function isLight([red, green, blue]: Rgb): boolean {
  return 0.299 * red + 0.587 * green + 0.114 * blue > LIGHT;
}
