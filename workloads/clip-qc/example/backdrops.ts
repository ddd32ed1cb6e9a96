import { type Canvas, createBrush, createCanvas, fillPolygon } from '#media/scenes/canvas';
import { hsv, type Rgb } from '#media/scenes/colour';
import { drawFrame } from '#media/scenes/draw-frame';
import type { Random } from '#media/scenes/random';
import { worksiteScene } from '#media/scenes/scene';

/** Kinds of still pictures that clips are played before; training draws none of `tiles` and `worksite`. */
export const BACKDROPS = ['slope', 'clouds', 'blocks', 'foliage', 'tiles', 'worksite', 'gravel'] as const;
export type BackdropKind = (typeof BACKDROPS)[number];

/** Draws a backdrop. The same source of numbers gives the same picture. */
export function drawBackdrop(kind: BackdropKind, random: Random, width: number, height: number): Canvas {
  const canvas = createCanvas(width, height);
  if (kind === 'worksite') {
    const seed = random.int(0, 1_000_000);
    canvas.rgb.set(drawFrame(worksiteScene(seed, { width, height }), 0).rgb);
  } else PAINTERS[kind](canvas, random);
  return canvas;
}

const PAINTERS: Record<Exclude<BackdropKind, 'worksite'>, (canvas: Canvas, random: Random) => void> = {
  slope: paintSlope,
  clouds: (canvas, random) => paintNoise(canvas, random, { cell: canvas.width / random.range(3, 6), octaves: 3 }),
  foliage: (canvas, random) => paintNoise(canvas, random, { cell: canvas.width / random.range(14, 30), octaves: 4 }),
  gravel: (canvas, random) => paintNoise(canvas, random, { cell: canvas.width / random.range(40, 110), octaves: 3 }),
  blocks: paintBlocks,
  tiles: paintTiles,
};

function paintSlope(canvas: Canvas, random: Random): void {
  const { width, height } = canvas;
  const tones = twoTones(random);
  const [right, down] = [random.range(-1, 1), random.range(-1, 1)];
  const span = Math.abs(right) + Math.abs(down);
  const offset = Math.min(0, right) + Math.min(0, down);
  const values = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 1)
      values[at] = ((x / width) * right + (y / height) * down - offset) / span;
  }
  colourIn(canvas, values, tones);
}

/** Value noise: random heights on a grid, smoothed between, in octaves of half the size and half the height each. */
function paintNoise(canvas: Canvas, random: Random, { cell, octaves }: { cell: number; octaves: number }): void {
  const tones = twoTones(random);
  const values = new Float32Array(canvas.width * canvas.height);
  for (let octave = 0; octave < octaves; octave += 1) {
    addOctave(values, canvas, random, cell / 2 ** octave, 0.5 ** (octave + 1));
  }
  colourIn(canvas, values, tones);
}

function addOctave(values: Float32Array, { width, height }: Canvas, random: Random, size: number, share: number): void {
  const columns = Math.ceil(width / size) + 2;
  const heights = Float32Array.from({ length: columns * (Math.ceil(height / size) + 2) }, () => random.next());
  const firsts = Int32Array.from({ length: width }, (_, x) => Math.floor(x / size));
  const along = Float32Array.from({ length: width }, (_, x) => smooth(x / size - firsts[x]!));
  for (let y = 0, at = 0; y < height; y += 1) {
    const row = Math.floor(y / size);
    const down = smooth(y / size - row);
    for (let x = 0; x < width; x += 1, at += 1) {
      const first = row * columns + firsts[x]!;
      const below = first + columns;
      const right = along[x]!;
      const upper = heights[first]! * (1 - right) + heights[first + 1]! * right;
      const lower = heights[below]! * (1 - right) + heights[below + 1]! * right;
      values[at]! += share * (upper * (1 - down) + lower * down);
    }
  }
}

/** Gives each value from 0 to 1 its colour between two. */
function colourIn({ rgb }: Canvas, values: Float32Array, [from, to]: readonly [Rgb, Rgb]): void {
  for (let at = 0, byte = 0; at < values.length; at += 1, byte += 3) {
    const share = values[at]!;
    rgb[byte] = from[0] + (to[0] - from[0]) * share;
    rgb[byte + 1] = from[1] + (to[1] - from[1]) * share;
    rgb[byte + 2] = from[2] + (to[2] - from[2]) * share;
  }
}

function paintBlocks(canvas: Canvas, random: Random): void {
  paintSlope(canvas, random);
  const brush = createBrush(canvas, undefined);
  for (let count = random.int(8, 24); count > 0; count -= 1) {
    const [x, y] = [random.range(0, canvas.width), random.range(0, canvas.height)];
    const [w, h] = [random.range(0.05, 0.3) * canvas.width, random.range(0.05, 0.4) * canvas.height];
    const corners = random.int(3, 9);
    const points = Array.from({ length: corners }, (_, corner) => {
      const angle = (2 * Math.PI * corner) / corners;
      return [x + (w / 2) * Math.cos(angle), y + (h / 2) * Math.sin(angle)];
    });
    fillPolygon(brush, points.flat(), { colour: tone(random), to: tone(random) });
  }
}

function paintTiles(canvas: Canvas, random: Random): void {
  const { width, height } = canvas;
  const brush = createBrush(canvas, undefined);
  const [tile, joint] = [random.range(24, 90), random.range(2, 5)];
  const base = random.range(0, 1);
  canvas.rgb.fill(random.int(40, 90));
  for (let y = 0; y < height; y += tile) {
    for (let x = 0; x < width; x += tile * 1.6) {
      const colour = hsv(base + random.range(-0.05, 0.05), random.range(0.1, 0.5), random.range(0.35, 0.8));
      const [right, bottom] = [x + tile * 1.6 - joint, y + tile - joint];
      fillPolygon(brush, [x, y, right, y, right, bottom, x, bottom], { colour });
    }
  }
}

function twoTones(random: Random): [Rgb, Rgb] {
  const hue = random.next();
  const dark = hsv(hue, random.range(0.1, 0.7), random.range(0.1, 0.45));
  return [dark, hsv(hue + random.range(-0.2, 0.2), random.range(0.1, 0.6), random.range(0.5, 0.95))];
}

function tone(random: Random): Rgb {
  return hsv(random.next(), random.range(0, 0.8), random.range(0.15, 0.95));
}

function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}
