import type { Canvas } from '#media/scenes/canvas';
import type { Random } from '#media/scenes/random';

/** Where a camera looks on a backdrop: the upper left corner of the view in pixels, and how many pixels it magnifies one to. */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

/** A camera that stands still sees the same again, which is then copied. */
export function createCamera(backdrops: readonly Canvas[], picture: Canvas): (backdrop: number, view: View) => void {
  const seen = new Uint8Array(picture.rgb.length);
  let key = '';
  return (backdrop, view) => {
    const asked = [backdrop, view.x, view.y, view.zoom].join(' ');
    if (asked === key) return picture.rgb.set(seen);
    lookAt(backdrops[backdrop]!, view, picture);
    seen.set(picture.rgb);
    key = asked;
  };
}

/** Copies the part of a backdrop that a camera sees, between pixels by linear interpolation. */
function lookAt(backdrop: Canvas, { x, y, zoom }: View, picture: Canvas): void {
  const { width, height, rgb } = picture;
  const source = backdrop.rgb;
  for (let row = 0, at = 0; row < height; row += 1) {
    const sy = Math.min(backdrop.height - 1, Math.max(0, y + row / zoom));
    const top = Math.floor(sy);
    const down = sy - top;
    const below = Math.min(backdrop.height - 1, top + 1) * backdrop.width * 3;
    for (let column = 0; column < width; column += 1, at += 3) {
      const sx = Math.min(backdrop.width - 1, Math.max(0, x + column / zoom));
      const left = Math.floor(sx);
      const along = sx - left;
      const [a, b] = [(top * backdrop.width + left) * 3, below + left * 3];
      const next = left + 1 < backdrop.width ? 3 : 0;
      for (let channel = 0; channel < 3; channel += 1) {
        const upper = source[a + channel]! * (1 - along) + source[a + next + channel]! * along;
        const lower = source[b + channel]! * (1 - along) + source[b + next + channel]! * along;
        rgb[at + channel] = upper * (1 - down) + lower * down + 0.5;
      }
    }
  }
}

/** Makes a picture lighter or darker, and turns its hue around the grey axis by degrees. */
export function relight({ rgb }: Canvas, gain: number, hueDegrees: number): void {
  if (gain === 1 && hueDegrees === 0) return;
  const angle = (hueDegrees * Math.PI) / 180;
  const third = (1 - Math.cos(angle)) / 3;
  const side = Math.sin(angle) / Math.sqrt(3);
  // Rodrigues' rotation around (1, 1, 1), times the gain.
  const [same, next, last] = [gain * (Math.cos(angle) + third), gain * (third - side), gain * (third + side)];
  for (let at = 0; at < rgb.length; at += 3) {
    const [red, green, blue] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
    rgb[at] = clampByte(same * red + next * green + last * blue);
    rgb[at + 1] = clampByte(last * red + same * green + next * blue);
    rgb[at + 2] = clampByte(next * red + last * green + same * blue);
  }
}

/** Blurs a picture by the mean of a square of `size` x `size` pixels, an odd number; the border is repeated. */
export function boxBlur({ width, height, rgb }: Canvas, size: number): void {
  if (size <= 1) return;
  blurLines(rgb, { lines: height, length: width, lineStep: width * 3, step: 3 }, size);
  blurLines(rgb, { lines: width, length: height, lineStep: 3, step: width * 3 }, size);
}

function blurLines(
  rgb: Uint8Array,
  { lines, length, lineStep, step }: { lines: number; length: number; lineStep: number; step: number },
  size: number,
): void {
  const radius = (size - 1) / 2;
  const before = new Uint8Array(length);
  for (let line = 0; line < lines; line += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const start = line * lineStep + channel;
      for (let at = 0; at < length; at += 1) before[at] = rgb[start + at * step]!;
      const value = (at: number) => before[Math.max(0, Math.min(length - 1, at))]!;
      let sum = 0;
      for (let at = -radius; at <= radius; at += 1) sum += value(at);
      for (let at = 0; at < length; at += 1) {
        rgb[start + at * step] = sum / size + 0.5;
        sum += value(at + radius + 1) - value(at - radius);
      }
    }
  }
}

/** A stock of normal noise that frames take their grain from, each at another place. */
export type Grain = Int8Array;

const GRAIN = 1 << 19;

export function makeGrain(random: Random, sigma: number): Grain {
  // Box and Muller's way from even to normal numbers.
  return Int8Array.from({ length: GRAIN }, () =>
    Math.round(sigma * Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())),
  );
}

export function addGrain({ rgb }: Canvas, grain: Grain, offset: number): void {
  for (let at = 0, from = offset % GRAIN; at < rgb.length; at += 1, from = from + 1 === GRAIN ? 0 : from + 1) {
    rgb[at] = clampByte(rgb[at]! + grain[from]!);
  }
}

function clampByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
}
