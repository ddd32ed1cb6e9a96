import { readFileSync } from 'node:fs';
import type { ColourConversion } from './colour.ts';
import { lanczosTaps, type ResampleTaps } from './lanczos.ts';
import { HASHED_SIDE, type PerceptualHash, perceptualHash } from './perceptual-hash.ts';

/** What the kernels export, all over addresses and numbers; frame.as.ts documents each. */
type Kernels = Record<
  'laplacianSums' | 'resampleRows' | 'resampleColumns' | 'convertLuma' | 'convertChroma',
  (...args: number[]) => void
>;

// The part of the global that is used here: Node's types leave it to the DOM's.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
  Instance: new (module: object, imports: { env: { memory: object } }) => { exports: unknown };
};

/** A planar 4:2:0 picture in the kernels' memory: luma, then the two chroma planes at half size, without padding. */
export interface FrameBuffer {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** The measures of frames of one size, over buffers that are used again and again. */
export interface FrameKernels {
  readonly width: number;
  readonly height: number;
  readonly buffers: FrameBuffer[];
  /** Variance of the 3x3 Laplacian of the luma plane: exact integer sums, one rounding. */
  sharpness(frame: FrameBuffer): number;
  hash(frame: FrameBuffer): PerceptualHash;
  convertLuma(frame: FrameBuffer, conversion: ColourConversion): void;
  convertChroma(frame: FrameBuffer, conversion: ColourConversion): void;
}

const PAGE = 65_536;
// The module's own memory ends here (bench/kernels/compile.ts).
const FIRST_FREE = 1_024;
const compiled = new WebAssembly.Module(readFileSync(new URL('kernels/frame.wasm', import.meta.url)));

/** Kernels for width x height frames with `count` buffers of that size. */
export function createFrameKernels({
  width,
  height,
  count,
}: {
  width: number;
  height: number;
  count: number;
}): FrameKernels {
  const horizontal = interleaveTaps(lanczosTaps(width, HASHED_SIDE));
  const vertical = flatTaps(lanczosTaps(height, HASHED_SIDE));
  const luma = width * height;
  const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
  const frameBytes = luma + 2 * chroma;

  let end = FIRST_FREE;
  const reserve = (bytes: number): number => {
    const address = end;
    // Aligned to 16, and 16 bytes of room where kernels read past the end of a plane.
    end = (end + bytes + 31) & ~15;
    return address;
  };
  const sums = reserve(16);
  const columnSpans = reserve(horizontal.spans.byteLength);
  const columnWeights = reserve(horizontal.weights.byteLength);
  const rowSpans = reserve(vertical.spans.byteLength);
  const rowWeights = reserve(vertical.weights.byteLength);
  const narrow = reserve(HASHED_SIDE * height);
  const small = reserve(HASHED_SIDE * HASHED_SIDE);
  const addresses = Array.from({ length: count }, () => reserve(frameBytes));

  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
  const kernels = new WebAssembly.Instance(compiled, { env: { memory } }).exports as Kernels;
  new Int32Array(memory.buffer, columnSpans).set(horizontal.spans);
  new Int16Array(memory.buffer, columnWeights).set(horizontal.weights);
  new Int32Array(memory.buffer, rowSpans).set(vertical.spans);
  new Int32Array(memory.buffer, rowWeights).set(vertical.weights);
  const sumValues = new Float64Array(memory.buffer, sums, 2);
  const smallGrey = new Uint8Array(memory.buffer, small, HASHED_SIDE * HASHED_SIDE);

  return {
    width,
    height,
    buffers: addresses.map((address) => ({ address, bytes: new Uint8Array(memory.buffer, address, frameBytes) })),
    sharpness({ address }) {
      kernels.laplacianSums(address, width, height, sums);
      const [sum, squares] = sumValues as unknown as [number, number];
      return (squares - (sum * sum) / luma) / luma;
    },
    hash({ address }) {
      kernels.resampleRows(address, width, height, columnSpans, columnWeights, HASHED_SIDE, narrow);
      kernels.resampleColumns(narrow, HASHED_SIDE, rowSpans, rowWeights, HASHED_SIDE, small);
      return perceptualHash(smallGrey);
    },
    convertLuma({ address }, { floor, luma: scale, lumaFromBlue, lumaFromRed }) {
      const [blue, red] = [address + luma, address + luma + chroma];
      kernels.convertLuma(address, blue, red, width, height, address, floor, scale, lumaFromBlue, lumaFromRed);
    },
    convertChroma({ address }, { blueFromBlue, blueFromRed, redFromBlue, redFromRed }) {
      const [blue, red] = [address + luma, address + luma + chroma];
      kernels.convertChroma(blue, red, chroma, blueFromBlue, blueFromRed, redFromBlue, redFromRed);
    },
  };
}

/** The layout of resampleRows: spans as (first, count rounded up to 8), weights as 8 highs and 8 lows in turn. */
function interleaveTaps({ firsts, counts, weights }: ResampleTaps): { spans: Int32Array; weights: Int16Array } {
  const rounded = counts.map((count) => Math.ceil(count / 8) * 8);
  const split = weights.flatMap((row, output) => {
    const padded = Array.from({ length: rounded[output]! }, (_, tap) => row[tap] ?? 0);
    return Array.from({ length: padded.length / 8 }, (_, group) => padded.slice(group * 8, group * 8 + 8)).flatMap(
      (eight) => [...eight.map((weight) => weight >> 10), ...eight.map((weight) => weight & 1023)],
    );
  });
  return { spans: pairs(firsts, rounded), weights: Int16Array.from(split) };
}

/** The layout of resampleColumns: spans as (first, count), weights in a row. */
function flatTaps({ firsts, counts, weights }: ResampleTaps): { spans: Int32Array; weights: Int32Array } {
  return { spans: pairs(firsts, counts), weights: Int32Array.from(weights.flatMap((row) => [...row])) };
}

function pairs(firsts: Int32Array, counts: Int32Array): Int32Array {
  return Int32Array.from({ length: firsts.length * 2 }, (_, at) => (at % 2 === 0 ? firsts : counts)[at >> 1]!);
}
