import type { Paint } from './paint-colour.ts';
import type { Mask } from './text-mask.ts';

/** Left, top, right and bottom edge in whole pixels; right and bottom are exclusive. */
export type Rect = readonly [left: number, top: number, right: number, bottom: number];

/** A 4:2:0 picture whose planes lie one after another, painted on in place. Even width and height. */
export interface YuvPicture {
  /** Bytes of a whole picture. */
  bytes: number;
  /** Paints from now on on the picture that begins at the start of these bytes. */
  onto(bytes: Uint8Array): void;
  /** Covers a rectangle; `alpha` from 0 to 1. */
  fill(rect: Rect, paint: Paint, alpha?: number): void;
  /** Covers what a mask covers, its top left corner at x, y. */
  stamp(mask: Mask, x: number, y: number, paint: Paint): void;
}

type Samples = Uint8Array | Uint16Array;
interface Plane {
  samples: Samples;
  width: number;
  height: number;
}

export function createYuvPicture(width: number, height: number, bitDepth: 8 | 10): YuvPicture {
  const [chromaWidth, chromaHeight] = [width / 2, height / 2];
  const [lumaSize, chromaSize] = [width * height, chromaWidth * chromaHeight];
  const sampleBytes = bitDepth === 8 ? 1 : 2;
  const View = bitDepth === 8 ? Uint8Array : Uint16Array;
  let luma: Plane;
  let blue: Plane;
  let red: Plane;

  function plane(source: Uint8Array, first: number, count: number, columns: number, rows: number): Plane {
    const samples = new View(source.buffer as ArrayBuffer, source.byteOffset + first * sampleBytes, count);
    return { samples, width: columns, height: rows };
  }

  function fillChroma(target: Plane, [left, top, right, bottom]: Rect, value: number, alpha: number): void {
    const { samples, width: stride } = target;
    for (let row = top >> 1; row < (bottom + 1) >> 1; row += 1) {
      const covered = (Math.min(bottom, row * 2 + 2) - Math.max(top, row * 2)) / 2;
      for (let column = left >> 1; column < (right + 1) >> 1; column += 1) {
        const share = ((Math.min(right, column * 2 + 2) - Math.max(left, column * 2)) / 2) * covered * alpha;
        const at = row * stride + column;
        samples[at] = Math.round(samples[at]! + (value - samples[at]!) * share);
      }
    }
  }

  return {
    bytes: (lumaSize + 2 * chromaSize) * sampleBytes,
    onto(source) {
      luma = plane(source, 0, lumaSize, width, height);
      blue = plane(source, lumaSize, chromaSize, chromaWidth, chromaHeight);
      red = plane(source, lumaSize + chromaSize, chromaSize, chromaWidth, chromaHeight);
    },
    fill(rect, paint, alpha = 1) {
      const [left, top] = [Math.max(0, rect[0]), Math.max(0, rect[1])];
      const [right, bottom] = [Math.min(width, rect[2]), Math.min(height, rect[3])];
      if (right <= left || bottom <= top) return;
      const { samples } = luma;
      for (let row = top; row < bottom; row += 1) {
        const [from, to] = [row * width + left, row * width + right];
        if (alpha === 1) samples.fill(paint.luma, from, to);
        else
          for (let at = from; at < to; at += 1)
            samples[at] = Math.round(samples[at]! + (paint.luma - samples[at]!) * alpha);
      }
      fillChroma(blue, [left, top, right, bottom], paint.blue, alpha);
      fillChroma(red, [left, top, right, bottom], paint.red, alpha);
    },
    stamp(mask, x, y, paint) {
      for (let row = Math.max(0, -y); row < Math.min(mask.height, height - y); row += 1) {
        for (let column = Math.max(0, -x); column < Math.min(mask.width, width - x); column += 1) {
          const cover = mask.cover[row * mask.width + column]!;
          if (cover === 0) continue;
          const at = (y + row) * width + x + column;
          luma.samples[at] = Math.round(luma.samples[at]! + ((paint.luma - luma.samples[at]!) * cover) / 255);
          // A quarter of the pixel's four luma samples.
          const share = cover / (4 * 255);
          const chroma = ((y + row) >> 1) * chromaWidth + ((x + column) >> 1);
          blue.samples[chroma] = Math.round(blue.samples[chroma]! + (paint.blue - blue.samples[chroma]!) * share);
          red.samples[chroma] = Math.round(red.samples[chroma]! + (paint.red - red.samples[chroma]!) * share);
        }
      }
    },
  };
}
