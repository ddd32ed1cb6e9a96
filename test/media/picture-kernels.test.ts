import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Size } from '#media/images';
import { createPictureKernels, type NumberPlaces } from '#media/picture-kernels';
import { compileKernels } from '../../bench/kernels/compile.ts';
import { difference, drawRgb, type RgbPicture } from '../helpers/jpegs.ts';

const AS_THEY_ARE = [0, 1, 2].map(() => ({ factor: 1, offset: 0 }));

/** The picture resampled in memory where `litter` lies all around it. */
function resample({ rgb, ...from }: RgbPicture, to: Size, litter = 0): Uint8Array {
  const kernels = createPictureKernels(to, AS_THEY_ARE);
  kernels.pixels.fill(litter, 0, rgb.length + 10_000);
  kernels.pixels.set(rgb);
  kernels.resample(from, to);
  return kernels.resampled;
}

it('the compiled kernels are what the source compiles to', async () => {
  const committed = await readFile(new URL('../../src/media/kernels/picture.wasm', import.meta.url));
  expect(Buffer.from(await compileKernels('picture')).equals(committed)).toBe(true);
});

describe('resampling', () => {
  it.each([
    { name: 'to a little less', index: 6, to: { width: 400, height: 225 }, mean: 0.2 },
    { name: 'to less than half', index: 6, to: { width: 200, height: 112 }, mean: 0.2 },
    { name: 'to a tenth', index: 6, to: { width: 48, height: 27 }, mean: 1 },
    { name: 'to another shape', index: 3, to: { width: 90, height: 170 }, mean: 0.2 },
    { name: 'of odd sizes', index: 2, to: { width: 61, height: 83 }, mean: 0.2 },
    { name: 'to the same size', index: 5, to: { width: 31, height: 200 }, mean: 0.2 },
  ])("is sharp's linear resize $name", async ({ index, to, mean }) => {
    const picture = drawRgb(index);
    const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
    const sharps = await sharp(picture.rgb, { raw })
      .resize(to.width, to.height, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer();
    const apart = difference(resample(picture, to), sharps);
    expect(apart.mean).toBeLessThan(mean);
  });

  it('is within a level of sharp on every pixel of a smooth picture', async () => {
    const [width, height] = [320, 180];
    const rgb = Uint8Array.from({ length: 3 * width * height }, (_, at) => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      return [x / 2, y, (x + y) / 2][at % 3]!;
    });
    const to = { width: 128, height: 72 };
    const sharps = sharp(rgb, { raw: { width, height, channels: 3 } }).resize(128, 72, {
      fit: 'fill',
      kernel: 'linear',
    });
    const apart = difference(resample({ width, height, rgb }, to), await sharps.raw().toBuffer());
    expect(apart.largest).toBeLessThanOrEqual(1);
  });

  // sharp is no measure here: it moves an enlarged picture by half a pixel.
  it('enlarges about the middle of pixels', () => {
    const row = { width: 2, height: 1, rgb: new Uint8Array([0, 10, 200, 255, 10, 100]) };
    const twice = [0, 10, 200, 64, 10, 175, 191, 10, 125, 255, 10, 100];
    expect([...resample(row, { width: 4, height: 2 })]).toEqual([...twice, ...twice]);
  });

  it('leaves a picture of the same size as it is, and one of a single colour in that colour', () => {
    const picture = drawRgb(1);
    expect(difference(resample(picture, picture), picture.rgb).largest).toBe(0);
    const [width, height] = [97, 61];
    const flat = { width, height, rgb: new Uint8Array(3 * width * height).fill(255) };
    expect(new Set(resample(flat, { width: 33, height: 47 }))).toEqual(new Set([255]));
  });

  it('sees nothing of what lies around the picture, for any two sizes', () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(side, side, side, side, (width, height, toWidth, toHeight) => {
        const rgb = Uint8Array.from({ length: 3 * width * height }, (_, at) => (at * 2654435761) >>> 24);
        const to = { width: toWidth, height: toHeight };
        const [clean, littered] = [0, 255].map((litter) => resample({ width, height, rgb }, to, litter));
        expect(littered).toEqual(clean);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the average of a long line that becomes one pixel', () => {
    const width = 65_535;
    const rgb = Uint8Array.from({ length: 3 * width }, (_, at) => (Math.floor(at / 3) % 2) * 200);
    const [red] = resample({ width, height: 1, rgb }, { width: 1, height: 1 });
    expect(Math.abs(red! - 100)).toBeLessThanOrEqual(1);
  });
});

describe('writing numbers', () => {
  const size = { width: 7, height: 3 };
  const pixels = 5 * 9;

  it.each<{ name: string; places: NumberPlaces }>([
    { name: 'in planes', places: { red: 0, green: pixels, blue: 2 * pixels, pixelStep: 1, rowStep: 9 } },
    { name: 'in planes, blue first', places: { red: 2 * pixels, green: pixels, blue: 0, pixelStep: 1, rowStep: 9 } },
    { name: 'pixel by pixel', places: { red: 0, green: 1, blue: 2, pixelStep: 3, rowStep: 27 } },
    { name: 'pixel by pixel, blue first', places: { red: 2, green: 1, blue: 0, pixelStep: 3, rowStep: 27 } },
  ])('puts each level where it belongs, $name, and touches nothing else', ({ places }) => {
    const levels = [
      { factor: 1 / 255, offset: 0 },
      { factor: 2, offset: -1 },
      { factor: 0.5, offset: 3 },
    ];
    const kernels = createPictureKernels({ width: 9, height: 5 }, levels);
    kernels.resampled.forEach((_, at, all) => {
      all[at] = at * 3;
    });
    kernels.numbers.fill(-7);
    const expected = Float32Array.from(kernels.numbers);
    // One pixel in from the left and from above.
    const corner = places.rowStep + places.pixelStep;
    const moved = { ...places, red: places.red + corner, green: places.green + corner, blue: places.blue + corner };
    for (let y = 0; y < size.height; y += 1) {
      for (let x = 0; x < size.width; x += 1) {
        for (const [color, first] of [moved.red, moved.green, moved.blue].entries()) {
          const level = kernels.resampled[(y * size.width + x) * 3 + color]!;
          const { factor, offset } = levels[color]!;
          expected[first + y * places.rowStep + x * places.pixelStep] =
            Math.fround(level * Math.fround(factor)) + offset;
        }
      }
    }
    kernels.writeNumbers(size, moved);
    expect(kernels.numbers).toEqual(expected);
  });
});
