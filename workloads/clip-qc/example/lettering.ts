import { type Canvas, createBrush, fillPolygon } from '#media/scenes/canvas';
import type { Rgb } from '#media/scenes/colour';
import { LETTER_SHAPES } from './letter-shapes.ts';

/** How letters are written: the pen, and what is done to their shapes. */
export interface Typeface {
  /** Thickness of the thickest stroke, in sixths of the letters' height. */
  weight: number;
  /** Thickness of the thinnest stroke over that of the thickest: 1 is a round pen, less a broad nib. */
  contrast: number;
  /** Horizontal lean for each unit of height. */
  slant: number;
  /** Width of the letters over their natural one. */
  stretch: number;
  /** Room between letters, in sixths of their height. */
  spacing: number;
}

/** A line of text in a picture. */
export interface Caption {
  text: string;
  /** Its centre, in pixels. */
  x: number;
  y: number;
  /** Height of a capital letter, in pixels. */
  size: number;
  /** Clockwise, in degrees. */
  turn: number;
  typeface: Typeface;
  colour: Rgb;
  /** A rectangle behind the text. */
  plate?: Rgb;
}

/** Writes a caption onto a picture. */
export type WriteCaption = (canvas: Canvas, caption: Caption) => void | Promise<void>;

type Point = readonly [x: number, y: number];

const NIB_DEGREES = 28;
const WORD_SPACE = 2.6;

/** Writes a caption by moving a pen along the letters' strokes. Characters without a shape leave a gap. */
export function writeCaption(canvas: Canvas, caption: Caption): void {
  const { text, typeface, size, colour, plate } = caption;
  const unit = size / 6;
  const { strokes, width } = layOut(text, typeface);
  const place = placing(caption, width, unit);
  const brush = createBrush(canvas, undefined);
  if (plate) {
    const corners: Point[] = [
      [-1.5, -1.8],
      [width + 1.5, -1.8],
      [width + 1.5, 7.8],
      [-1.5, 7.8],
    ];
    fillPolygon(brush, corners.flatMap(place), { colour: plate });
  }
  const pen = penOf(typeface, unit);
  for (const stroke of strokes) {
    const points = stroke.map(place);
    for (const [at, to] of points.slice(1).entries()) {
      fillPolygon(brush, sweep(pen, points[at]!, to), { colour });
    }
  }
}

/** The strokes of a whole line in letter units, from its upper left corner. */
function layOut(text: string, { slant, stretch, spacing, weight }: Typeface): { strokes: Point[][]; width: number } {
  const strokes: Point[][] = [];
  let left = 0;
  for (const character of text) {
    const [width, ...shapes] = LETTER_SHAPES[character] ?? [WORD_SPACE];
    for (const shape of shapes) {
      strokes.push(pointsOf(shape).map(([x, y]) => [left + x * stretch + (6 - y) * slant, y]));
    }
    left += width * stretch + spacing + weight;
  }
  return { strokes, width: Math.max(0, left - spacing - weight) };
}

function placing({ x, y, turn }: Caption, width: number, unit: number): (point: Point) => Point {
  const angle = (turn * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return ([px, py]) => {
    const [dx, dy] = [(px - width / 2) * unit, (py - 3) * unit];
    return [x + dx * cosine - dy * sine, y + dx * sine + dy * cosine];
  };
}

function pointsOf(stroke: string): Point[] {
  return stroke.split(' ').flatMap((token) => {
    if (!token.startsWith('@')) return [token.split(',').map(Number) as [number, number]];
    const [cx, cy, rx, ry, from, to] = token.slice(1).split(',').map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const steps = Math.max(4, Math.ceil(Math.abs(to - from) / 18));
    return Array.from({ length: steps + 1 }, (_, step): Point => {
      const angle = ((from + ((to - from) * step) / steps) * Math.PI) / 180;
      return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
    });
  });
}

/** An ellipse of ten corners around the origin. */
function penOf({ weight, contrast }: Typeface, unit: number): Point[] {
  const nib = (NIB_DEGREES * Math.PI) / 180;
  const [long, short] = [(weight * unit) / 2, (weight * contrast * unit) / 2];
  return Array.from({ length: 10 }, (_, corner): Point => {
    const angle = (corner * Math.PI) / 5;
    const [along, across] = [long * Math.cos(angle), short * Math.sin(angle)];
    return [along * Math.cos(nib) + across * Math.sin(nib), along * -Math.sin(nib) + across * Math.cos(nib)];
  });
}

/** The area that a convex pen covers on its way from one point to another, as the corners of a polygon. */
function sweep(pen: readonly Point[], from: Point, to: Point): number[] {
  const corners = pen.flatMap(([x, y]): Point[] => [
    [from[0] + x, from[1] + y],
    [to[0] + x, to[1] + y],
  ]);
  return convexHull(corners).flat();
}

/** Andrew's monotone chain. */
function convexHull(points: Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && turnOf(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

function turnOf(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
