import sharp from 'sharp';
import type { Canvas } from '#media/scenes/canvas';
import type { Caption, WriteCaption } from '#workloads/clip-qc/example/lettering';

/** Fonts that Debian's packages fonts-dejavu and fonts-liberation bring; the held-out clips are written in them. */
const FONTS = [
  'DejaVu Sans Bold',
  'DejaVu Serif',
  'DejaVu Sans Mono Bold',
  'Liberation Sans',
  'Liberation Serif Bold',
  'Liberation Sans Narrow Bold',
];

interface Stamp {
  width: number;
  height: number;
  /** Ink of each pixel, 0-255. */
  ink: Uint8Array;
}

const stamps = new Map<string, Promise<Stamp>>();

/** Writes captions in real fonts instead of drawn strokes; the typeface chooses which, and whether in capitals alone. */
export const writeInRealLetters: WriteCaption = async (canvas, caption) => {
  const { typeface, plate, colour, size, turn } = caption;
  const font = FONTS[Math.floor(typeface.weight * 1000) % FONTS.length]!;
  const text = Math.floor(typeface.spacing * 1000) % 2 === 0 ? caption.text : inMixedCase(caption.text);
  const key = [text, font, Math.round(size), turn].join('/');
  const stamp = await (stamps.get(key) ?? remember(key, render(text, font, size, turn)));
  if (plate) fillPlate(canvas, caption, stamp);
  press(canvas, caption, stamp, colour);
};

function remember(key: string, stamp: Promise<Stamp>): Promise<Stamp> {
  if (stamps.size > 400) stamps.clear();
  stamps.set(key, stamp);
  return stamp;
}

function inMixedCase(text: string): string {
  return text.replaceAll(/\B[A-Z]/g, (letter) => letter.toLowerCase());
}

async function render(text: string, font: string, size: number, turn: number): Promise<Stamp> {
  const drawn = sharp({ text: { text, font: `${font} ${Math.max(6, Math.round(size * 1.4))}`, dpi: 72 } });
  const flat = await drawn
    .toColourspace('b-w')
    .rotate(turn, { background: '#000' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = flat.info;
  return { width, height, ink: Uint8Array.from({ length: width * height }, (_, at) => flat.data[at * channels]!) };
}

function fillPlate(canvas: Canvas, { x, y, size, plate }: Caption, { width, height }: Stamp): void {
  const pad = Math.round(size * 0.3);
  const [left, top] = [Math.round(x - width / 2) - pad, Math.round(y - height / 2) - pad];
  for (let row = Math.max(0, top); row < Math.min(canvas.height, top + height + 2 * pad); row += 1) {
    for (let column = Math.max(0, left); column < Math.min(canvas.width, left + width + 2 * pad); column += 1) {
      canvas.rgb.set(plate!, (row * canvas.width + column) * 3);
    }
  }
}

function press(canvas: Canvas, { x, y }: Caption, { width, height, ink }: Stamp, colour: Caption['colour']): void {
  const [left, top] = [Math.round(x - width / 2), Math.round(y - height / 2)];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [px, py] = [left + column, top + row];
      if (px < 0 || py < 0 || px >= canvas.width || py >= canvas.height) continue;
      const share = ink[row * width + column]! / 255;
      for (let channel = 0; channel < 3; channel += 1) {
        const at = (py * canvas.width + px) * 3 + channel;
        canvas.rgb[at] = canvas.rgb[at]! * (1 - share) + colour[channel]! * share + 0.5;
      }
    }
  }
}
