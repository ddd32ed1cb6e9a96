import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversionToJpeg } from '#media/colour';
import { createFrameKernels, type FrameKernels } from '#media/frame-kernels';
import { hammingDistance, hashFromHex, hashToHex } from '#media/perceptual-hash';
import { compileKernels } from '../../bench/kernels/compile.ts';
import { drawGrey, type GreyPicture } from '../helpers/media-drawing.ts';
import reference from './testdata/reference.json' with { type: 'json' };

const pictures = reference.hashes.map((_, index) => drawGrey(index));

describe('the compiled kernels', () => {
  it('are what the source compiles to', async () => {
    const committed = await readFile(new URL('../../src/media/kernels/frame.wasm', import.meta.url));
    expect(Buffer.from(await compileKernels('frame')).equals(committed)).toBe(true);
  });
});

describe('sharpness', () => {
  it("is OpenCV's variance of the Laplacian on a thousand pictures", () => {
    const far = pictures.filter((picture, index) => {
      const expected = reference.sharpness[index]!;
      return Math.abs(withKernels(picture).sharpness() - expected) > 1e-9 * Math.max(1, expected);
    });
    expect(far).toHaveLength(0);
  });

  it.each([
    { width: 1, height: 1 },
    { width: 1, height: 7 },
    { width: 7, height: 1 },
    { width: 8, height: 8 },
    { width: 9, height: 3 },
    { width: 10, height: 2 },
    { width: 4109, height: 3 },
    { width: 9001, height: 2 },
  ])('mirrors the borders of a $width x $height picture', ({ width, height }) => {
    const grey = Uint8Array.from({ length: width * height }, (_, at) => (at * 2654435761) >>> 24);
    expect(withKernels({ width, height, grey }).sharpness()).toBeCloseTo(plainVariance({ width, height, grey }), 6);
  });

  it('stays exact at the greatest contrast there is', () => {
    const [width, height] = [8200, 4];
    const grey = Uint8Array.from(
      { length: width * height },
      (_, at) => (((at % width) + Math.floor(at / width)) % 2) * 255,
    );
    expect(withKernels({ width, height, grey }).sharpness()).toBeCloseTo(plainVariance({ width, height, grey }), 6);
  });
});

describe('the perceptual hash', () => {
  it("is within 2 bits of imagehash's on 99 % of a thousand pictures", () => {
    const distances = pictures.map((picture, index) =>
      hammingDistance(withKernels(picture).hash(), hashFromHex(reference.hashes[index]!)),
    );
    const near = distances.filter((distance) => distance <= 2).length;
    expect(near / distances.length).toBeGreaterThanOrEqual(0.99);
  });

  it('is equal for flat pictures of one grey, whatever their size', () => {
    const hashes = [64, 65, 200].map((side) =>
      hashToHex(withKernels({ width: side, height: side, grey: new Uint8Array(side * side).fill(255) }).hash()),
    );
    expect(new Set(hashes)).toEqual(new Set(['8000000000000000']));
  });
});

describe('colour conversion', () => {
  const formula = (r: number, g: number, b: number, red: number, blue: number) => {
    const luma = red * r + (1 - red - blue) * g + blue * b;
    return { luma, blue: (b - luma) / (2 * (1 - blue)), red: (r - luma) / (2 * (1 - red)) };
  };

  it.each([
    { matrix: 'bt709', range: 'limited', red: 0.2126, blue: 0.0722 },
    { matrix: 'bt709', range: 'full', red: 0.2126, blue: 0.0722 },
    { matrix: 'smpte170m', range: 'limited', red: 0.299, blue: 0.114 },
    { matrix: 'bt2020nc', range: 'limited', red: 0.2627, blue: 0.0593 },
  ] as const)('turns $range $matrix into full-range BT.601 within one level', ({ matrix, range, red, blue }) => {
    const conversion = conversionToJpeg({ range, matrix })!;
    const level = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(level, level, level, (r, g, b) => {
        const source = formula(r, g, b, red, blue);
        const [lumaScale, chromaScale, floor] = range === 'full' ? [1, 1, 0] : [219 / 255, 224 / 255, 16];
        const kernels = createFrameKernels({ width: 18, height: 2, count: 1 });
        const [frame] = kernels.buffers as [FrameKernels['buffers'][0]];
        frame.bytes.fill(Math.round(source.luma * lumaScale + floor), 0, 36);
        frame.bytes.fill(clamp(source.blue * chromaScale + 128), 36, 45);
        frame.bytes.fill(clamp(source.red * chromaScale + 128), 45, 54);
        kernels.convertLuma(frame, conversion);
        kernels.convertChroma(frame, conversion);
        const target = formula(r, g, b, 0.299, 0.114);
        const expected = [target.luma, target.blue + 128, target.red + 128].map(clamp);
        // The vector part, the scalar rest of a row, and both chroma planes. Rounding happens before and after.
        const found = [frame.bytes[0]!, frame.bytes[17]!, frame.bytes[36]!, frame.bytes[53]!];
        expect(Math.abs(found[0]! - expected[0]!)).toBeLessThanOrEqual(1);
        expect(found[1]).toBe(found[0]);
        expect(Math.abs(found[2]! - expected[1]!)).toBeLessThanOrEqual(1);
        expect(Math.abs(found[3]! - expected[2]!)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('leaves full-range BT.601 as it is', () => {
    expect(conversionToJpeg({ range: 'full', matrix: 'smpte170m' })).toBeUndefined();
  });
});

function clamp(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}

const kernelsBySize = new Map<string, FrameKernels>();

function withKernels({ width, height, grey }: GreyPicture) {
  const size = `${width}x${height}`;
  const kernels = kernelsBySize.get(size) ?? createFrameKernels({ width, height, count: 1 });
  kernelsBySize.set(size, kernels);
  const [frame] = kernels.buffers as [FrameKernels['buffers'][0]];
  frame.bytes.set(grey);
  return { sharpness: () => kernels.sharpness(frame), hash: () => kernels.hash(frame) };
}

/** The definition, pixel by pixel. */
function plainVariance({ width, height, grey }: GreyPicture): number {
  const mirrored = (at: number, length: number) => {
    if (length === 1) return 0;
    if (at < 0) return -at;
    return at >= length ? 2 * length - 2 - at : at;
  };
  const at = (x: number, y: number) => grey[mirrored(y, height) * width + mirrored(x, width)]!;
  const values = Array.from(grey, (_, pixel) => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    return at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * at(x, y);
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
