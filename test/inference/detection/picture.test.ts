import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { MediaError } from '#core/errors';
import { resizePicture } from '#inference/detection/picture';
import { decodeRgb, type EncodedImage } from '#media/images';
import { createPictureKernels } from '#media/picture-kernels';
import { difference, drawRgb, encodeJpeg, type JpegKind, type RgbPicture } from '../../helpers/jpegs.ts';
import { INPUT } from '../../helpers/onnx-folder.ts';

type Resize = 'letterbox' | 'stretch';

/** What the model would see of a picture, and what sharp alone makes of it. */
async function see(image: EncodedImage, resize: Resize = 'letterbox') {
  const levels = [0, 1, 2].map(() => ({ factor: 1, offset: 0 }));
  const kernels = createPictureKernels(INPUT, levels);
  const { inner, ...picture } = await resizePicture(image, { ...INPUT, resize }, kernels);
  const seen = Buffer.from(kernels.resampled.subarray(0, 3 * inner.width * inner.height));
  return { ...picture, inner, seen, sharps: await decodeRgb(image, inner) };
}

async function see720p(kind: JpegKind, resize: Resize = 'letterbox') {
  return see({ bytes: await encodeJpeg(await at720p(), kind), name: 'p.jpg' }, resize);
}

async function at720p(): Promise<RgbPicture> {
  const { rgb, ...size } = drawRgb(6);
  const large = { width: 1280, height: 720 };
  const image = sharp(rgb, { raw: { ...size, channels: 3 } }).resize({ ...large, fit: 'fill' });
  return { ...large, rgb: await image.raw().toBuffer() };
}

describe('a plain JPEG', () => {
  it.each<{ kind: JpegKind; resize: Resize }>([
    { kind: 'a 4:2:0 JPEG', resize: 'letterbox' },
    { kind: 'a 4:2:0 JPEG', resize: 'stretch' },
    { kind: 'a 4:4:4 JPEG', resize: 'letterbox' },
    { kind: 'a JPEG of the best quality', resize: 'letterbox' },
    { kind: 'a grey JPEG', resize: 'letterbox' },
    { kind: 'an upright JPEG with EXIF', resize: 'stretch' },
  ])('looks as sharp would show it: $kind, $resize', async ({ kind, resize }) => {
    const { seen, sharps, ...picture } = await see720p(kind, resize);
    expect(picture).toMatchObject({ width: 1280, height: 720 });
    const apart = difference(seen, sharps);
    expect(apart.mean).toBeLessThan(1.5);
    // It was not sharp that showed it: two ways to round are never the same everywhere.
    expect(apart.largest).toBeGreaterThan(0);
  });

  it.each([
    { width: 1, height: 1 },
    { width: 3, height: 1001 },
    { width: 65, height: 47 },
    { width: 16, height: 12 },
  ])('of $width x $height pixels keeps its colour', async (size) => {
    const rgb = Uint8Array.from({ length: 3 * size.width * size.height }, (_, at) => [200, 100, 50][at % 3]!);
    const { seen } = await see({ bytes: await encodeJpeg({ ...size, rgb }, 'a 4:4:4 JPEG'), name: 'p.jpg' });
    const expected = Uint8Array.from(seen, (_, at) => [200, 100, 50][at % 3]!);
    expect(difference(seen, expected).largest).toBeLessThanOrEqual(2);
  });
});

describe('a picture that sharp takes', () => {
  it.each<{ kind: JpegKind; width?: number; height?: number }>([
    { kind: 'a progressive JPEG' },
    { kind: 'a turned JPEG', width: 720, height: 1280 },
    { kind: 'a JPEG with a colour profile' },
    { kind: 'a CMYK JPEG' },
  ])('is what sharp makes of $kind', async ({ kind, width = 1280, height = 720 }) => {
    const { seen, sharps, ...picture } = await see720p(kind);
    expect(picture).toMatchObject({ width, height });
    expect(seen.equals(sharps)).toBe(true);
  });

  it('is a JPEG larger than a 4K frame', async () => {
    const large = { width: 4097, height: 2304 };
    const bytes = await sharp({ create: { ...large, channels: 3, background: '#468' } })
      .jpeg()
      .toBuffer();
    const { seen, sharps, ...picture } = await see({ bytes, name: 'p.jpg' });
    expect(picture).toMatchObject(large);
    expect(seen.equals(sharps)).toBe(true);
  });

  it('is a JPEG that libjpeg-turbo warns of and sharp forgives', async () => {
    const whole = await encodeJpeg(drawRgb(6));
    const bytes = Buffer.concat([whole.subarray(0, whole.length / 2), whole.subarray(-2)]);
    const { seen, sharps } = await see({ bytes, name: 'p.jpg' });
    expect(seen.equals(sharps)).toBe(true);
  });
});

describe('a picture that can not be decoded', () => {
  it('is refused when it is cut, by the name of its file', async () => {
    const whole = await encodeJpeg(drawRgb(6));
    const cut = { bytes: whole.subarray(0, whole.length / 2), name: 'cut.jpg' };
    await expect(see(cut)).rejects.toThrow(MediaError);
    await expect(see(cut)).rejects.toThrow("cut.jpg can't be decoded as an image:");
  });
});
