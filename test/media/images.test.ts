import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { InputNotFoundError, MediaError } from '#core/errors';
import { decodeRgb, imageSize, readGrey, readImage, thumbnailJpeg } from '#media/images';
import { aClip, aFile } from '../helpers/media-clips.ts';

/** A picture whose left half is red and right half blue. */
const halves = (size: string, name = 'halves.png') =>
  aClip(
    name,
    '-f',
    'lavfi',
    '-i',
    `color=red:s=${size},format=rgb24,drawbox=x=iw/2:w=iw:h=ih:color=blue:t=fill`,
    '-frames:v',
    '1',
  );

describe('reading an image', () => {
  it('scales it to a size, whatever its shape', async () => {
    const rgb = await decodeRgb(await readImage(await halves('200x50')), { width: 100, height: 100 });
    expect(rgb).toHaveLength(30_000);
    expect([...rgb.subarray(0, 3)]).toEqual([255, 0, 0]);
    expect([...rgb.subarray(-3)]).toEqual([0, 0, 255]);
  });

  it('takes bytes as well as a file', async () => {
    const path = await halves('64x64');
    expect(await readGrey(await readFile(path))).toEqual(await readGrey(path));
  });

  it('gives grey by BT.601', async () => {
    const { width, height, grey } = await readGrey(await halves('64x32'));
    expect({ width, height, red: grey[0], blue: grey[63] }).toEqual({ width: 64, height: 32, red: 76, blue: 29 });
  });

  it('reads a grey JPEG and a picture with transparency as RGB', async () => {
    const still = ['-frames:v', '1'];
    const grey = await aClip('grey.jpg', '-f', 'lavfi', '-i', 'color=gray:s=32x32,format=gray', ...still);
    expect(await decodeRgb(await readImage(grey), { width: 8, height: 8 })).toHaveLength(192);
    const clear = await aClip('clear.png', '-f', 'lavfi', '-i', 'color=red@0:s=32x32,format=rgba', ...still);
    expect([...(await decodeRgb(await readImage(clear), { width: 1, height: 1 }))]).toEqual([0, 0, 0]);
  });

  it('turns a picture as its EXIF orientation says', async () => {
    const bytes = await readFile(await halves('64x32', 'plain.jpg'));
    // APP1 with a TIFF header and one entry: tag 0x0112, type SHORT, 6 = to be turned clockwise.
    const exif = Buffer.from('ffe100224578696600004d4d002a00000008000101120003000000010006000000000000', 'hex');
    const turned = Buffer.concat([bytes.subarray(0, 2), exif, bytes.subarray(2)]);
    expect(await imageSize(turned)).toEqual({ width: 32, height: 64 });
    expect((await readGrey(turned)).width).toBe(32);
  });

  it('makes thumbnails that never enlarge', async () => {
    const path = await halves('200x100');
    expect(await imageSize(await thumbnailJpeg(path, 50))).toEqual({ width: 50, height: 25 });
    expect(await imageSize(await thumbnailJpeg(path, 500))).toEqual({ width: 200, height: 100 });
  });

  it('opens a name that libvips would read options from', async () => {
    expect(await imageSize(await halves('20x10', 'a[shrink=2].jpg'))).toEqual({ width: 20, height: 10 });
  });
});

describe('images that are refused', () => {
  it('one that is not there', async () => {
    await expect(imageSize('/nowhere/a.jpg')).rejects.toThrow(
      new InputNotFoundError("a.jpg can't be opened as an image file."),
    );
  });

  it.each([
    { name: 'text', content: 'not an image' },
    { name: 'nothing', content: '' },
    { name: 'SVG', content: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' },
  ])('$name', async ({ content }) => {
    await expect(imageSize(await aFile('a.jpg', content))).rejects.toThrow('a.jpg is neither a JPEG nor a PNG');
  });

  it('a JPEG that is cut', async () => {
    const bytes = await readFile(await halves('640x480', 'whole.jpg'));
    const cut = await aFile('cut.jpg', bytes.subarray(0, bytes.length / 2));
    await expect(readGrey(cut)).rejects.toThrow(MediaError);
    await expect(readGrey(cut)).rejects.toThrow("cut.jpg can't be decoded as an image:");
  });

  it('a PNG that claims to be enormous', async () => {
    const bytes = await readFile(await halves('16x16'));
    bytes.writeUInt32BE(60_000, 16);
    bytes.writeUInt32BE(60_000, 20);
    await expect(readGrey(await aFile('bomb.png', bytes))).rejects.toThrow(MediaError);
  });
});
