import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePlainJpeg } from '#media/jpeg';
import { difference, drawRgb, encodeJpeg, type JpegKind } from '../helpers/jpegs.ts';

const room = (pixels: number) => Buffer.alloc(3 * pixels);

describe('decodePlainJpeg', () => {
  // The binding asks for the fast inverse transform, whose rounding shows the more the finer a JPEG is quantised.
  it.each<{ kind: JpegKind; index: number; mean: number }>([
    { kind: 'a 4:2:0 JPEG', index: 7, mean: 1.2 },
    { kind: 'a 4:2:0 JPEG', index: 2, mean: 1.2 },
    { kind: 'a 4:4:4 JPEG', index: 5, mean: 1.2 },
    { kind: 'a grey JPEG', index: 4, mean: 0.6 },
    { kind: 'an upright JPEG with EXIF', index: 3, mean: 1.2 },
    { kind: 'a JPEG of the best quality', index: 5, mean: 3 },
  ])(
    "gives sharp's pixels of $kind (picture $index), but for a few levels of rounding",
    async ({ kind, index, mean }) => {
      const { width, height, rgb } = drawRgb(index);
      const bytes = await encodeJpeg({ width, height, rgb }, kind);
      const pixels = room(width * height);
      expect(await decodePlainJpeg(bytes, pixels)).toEqual({ width, height });
      const apart = difference(pixels, await sharp(bytes).toColourspace('srgb').raw().toBuffer());
      expect(apart.mean).toBeLessThan(mean);
      expect(apart.largest).toBeLessThan(32);
    },
  );

  it('decodes a single pixel', async () => {
    const pixels = room(1);
    const bytes = await encodeJpeg({ width: 1, height: 1, rgb: new Uint8Array([120, 120, 120]) });
    expect(await decodePlainJpeg(bytes, pixels)).toEqual({ width: 1, height: 1 });
    expect([...pixels]).toEqual([120, 120, 120]);
  });

  it('takes bytes in the middle of others', async () => {
    const { width, height, rgb } = drawRgb(0);
    const bytes = await encodeJpeg({ width, height, rgb });
    const among = new Uint8Array([1, 2, 3, ...bytes, 4]).subarray(3, 3 + bytes.length);
    const [one, other] = [room(width * height), room(width * height)];
    await decodePlainJpeg(bytes, one);
    await decodePlainJpeg(among, other);
    expect(one.equals(other)).toBe(true);
  });

  it.each<{ name: string; damage: (bytes: Buffer) => Buffer }>([
    { name: 'is cut in the middle', damage: (bytes) => bytes.subarray(0, bytes.length / 2) },
    { name: 'lacks its end', damage: (bytes) => bytes.subarray(0, -2) },
    {
      name: 'is cut and ended',
      damage: (bytes) => Buffer.concat([bytes.subarray(0, bytes.length / 2), bytes.subarray(-2)]),
    },
  ])('leaves a JPEG to others that $name', async ({ damage }) => {
    const picture = drawRgb(6);
    const bytes = damage(await encodeJpeg(picture));
    expect(await decodePlainJpeg(bytes, room(picture.width * picture.height))).toBeUndefined();
  });

  it('leaves a JPEG to others that there is no room for', async () => {
    const picture = drawRgb(0);
    const pixels = room(picture.width * picture.height).subarray(1);
    expect(await decodePlainJpeg(await encodeJpeg(picture), pixels)).toBeUndefined();
  });
});
