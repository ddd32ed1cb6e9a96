import { readFileSync } from 'node:fs';
import type { Size } from './images.ts';
import { triangleTaps } from './triangle-taps.ts';

/** What the kernels export, all over addresses and numbers; picture.as.ts documents each. */
type Kernels = Record<'resample' | 'writeNumbers', (...args: number[]) => void>;

// The part of the global that is used here: Node's types leave it to the DOM's.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
  Instance: new (module: object, imports: { env: { memory: object } }) => { exports: unknown };
};

/** Where a picture's numbers go, counted in numbers: the first pixel's colours, the next pixel and the next row. */
export interface NumberPlaces {
  red: number;
  green: number;
  blue: number;
  pixelStep: number;
  rowStep: number;
}

/** For red, green and blue in turn: number = level * factor + offset. */
export type LevelFactors = readonly { factor: number; offset: number }[];

/** One decoded picture on its way to a model, in memory that every next one uses again. */
export interface PictureKernels {
  /** Room for a decoded picture of at most MAX_DECODED_PIXELS: rows from the top, R G B interleaved. */
  readonly pixels: Buffer;
  /** Room for the resampled picture, laid out likewise. */
  readonly resampled: Uint8Array;
  /** As many numbers as a picture of the largest resampled size has. */
  readonly numbers: Float32Array;
  /** From `pixels` to `resampled` by an antialiased triangle filter; whole-number arithmetic, the same everywhere. */
  resample(from: Size, to: Size): void;
  /** From `resampled` to `numbers`. */
  writeNumbers(size: Size, places: NumberPlaces): void;
}

/** A 4K frame has less, 4096x2304. Memory that no picture was written to is never taken from the machine. */
const MAX_DECODED_PIXELS = 4096 * 2304;
/** The longest side that a JPEG can have. */
const MAX_SIDE = 65_535;
const PAGE = 65_536;
// The module's own memory ends here (bench/kernels/compile.ts).
const FIRST_FREE = 1_024;
const compiled = new WebAssembly.Module(readFileSync(new URL('kernels/picture.wasm', import.meta.url)));

/** Kernels that resample to at most `largest`. */
export function createPictureKernels(largest: Size, levels: LevelFactors): PictureKernels {
  const pixelCount = largest.width * largest.height;
  let end = FIRST_FREE;
  const reserve = (bytes: number): number => {
    const address = end;
    // Aligned to 16, and 16 bytes of room where kernels read or write past the end.
    end = (end + bytes + 31) & ~15;
    return address;
  };
  const factors = reserve(6 * 4);
  const rows = { spans: reserve(largest.height * 8), weights: reserve(weightBytes(largest.height)) };
  const columns = { spans: reserve(largest.width * 8), weights: reserve(weightBytes(largest.width)) };
  const line = reserve(3 * MAX_SIDE);
  const resampled = reserve(3 * pixelCount);
  const numbers = reserve(3 * pixelCount * 4);
  const pixels = reserve(3 * (MAX_DECODED_PIXELS + MAX_SIDE));

  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
  const kernels = new WebAssembly.Instance(compiled, { env: { memory } }).exports as Kernels;
  new Float32Array(memory.buffer, factors).set(levels.flatMap(({ factor, offset }) => [factor, offset]));
  let tapsFor = '';

  function setTaps(from: Size, to: Size): void {
    const wanted = [from.width, from.height, to.width, to.height].join();
    if (wanted === tapsFor) return;
    for (const [{ spans, weights }, taps] of [
      [rows, triangleTaps(from.height, to.height)],
      [columns, triangleTaps(from.width, to.width)],
    ] as const) {
      new Int32Array(memory.buffer, spans).set(taps.spans);
      new Int16Array(memory.buffer, weights).set(taps.weights);
    }
    tapsFor = wanted;
  }

  return {
    pixels: Buffer.from(memory.buffer, pixels, 3 * MAX_DECODED_PIXELS),
    resampled: new Uint8Array(memory.buffer, resampled, 3 * pixelCount),
    numbers: new Float32Array(memory.buffer, numbers, 3 * pixelCount),
    resample(from, to) {
      setTaps(from, to);
      const down = [rows.spans, rows.weights, to.height];
      const across = [columns.spans, columns.weights, to.width];
      kernels.resample(pixels, 3 * from.width, ...down, ...across, line, resampled);
    },
    writeNumbers({ width, height }, { red, green, blue, pixelStep, rowStep }) {
      const firsts = [red, green, blue].map((first) => numbers + 4 * first);
      kernels.writeNumbers(resampled, width, height, ...firsts, 4 * pixelStep, 4 * rowStep, factors);
    },
  };
}

/** Enough for the taps from any side to `to`: each has two halves of a triangle, an end, and what fills its last pair. */
function weightBytes(to: number): number {
  return 2 * (2 * Math.max(MAX_SIDE, to) + to * 3);
}
