import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainJpegSize } from '#media/jpeg-header';
import { drawRgb, encodeJpeg, type JpegKind } from '../helpers/jpegs.ts';

const picture = drawRgb(2);
const { width, height } = picture;

describe('the header of a JPEG', () => {
  it.each<{ kind: JpegKind; plain: boolean }>([
    { kind: 'a 4:2:0 JPEG', plain: true },
    { kind: 'a 4:4:4 JPEG', plain: true },
    { kind: 'a grey JPEG', plain: true },
    { kind: 'an upright JPEG with EXIF', plain: true },
    { kind: 'a progressive JPEG', plain: false },
    { kind: 'a turned JPEG', plain: false },
    { kind: 'a JPEG with a colour profile', plain: false },
    { kind: 'a CMYK JPEG', plain: false },
  ])('tells whether $kind is plain: $plain', async ({ kind, plain }) => {
    expect(plainJpegSize(await encodeJpeg(picture, kind))).toEqual(plain ? { width, height } : undefined);
  });

  it.each<{ name: string; damage: (bytes: Buffer) => Buffer }>([
    { name: 'text', damage: () => Buffer.from('not an image') },
    { name: 'nothing', damage: () => Buffer.alloc(0) },
    { name: 'a PNG', damage: () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') },
    { name: 'a file that ends before its scan', damage: (bytes) => bytes.subarray(0, scanOf(bytes)) },
    { name: 'a scan without a frame', damage: (bytes) => Buffer.concat([START, bytes.subarray(scanOf(bytes))]) },
    { name: 'a scan of one colour only', damage: (bytes) => withByte(bytes, scanOf(bytes) + 4, 1) },
    { name: '12 bits', damage: (bytes) => withByte(bytes, frameOf(bytes) + 4, 12) },
    { name: 'arithmetic coding', damage: (bytes) => withByte(bytes, frameOf(bytes) + 1, 0xc9) },
    { name: 'two frames', damage: (bytes) => Buffer.concat([START, frameSegment(bytes), bytes.subarray(2)]) },
    {
      name: 'a height that comes later',
      damage: (bytes) => withByte(withByte(bytes, frameOf(bytes) + 5, 0), frameOf(bytes) + 6, 0),
    },
    {
      name: 'EXIF that can not be read',
      damage: (bytes) => Buffer.concat([START, exif('4d4d002a0000ffff'), bytes.subarray(2)]),
    },
    {
      name: 'EXIF with an orientation of another type',
      damage: (bytes) =>
        Buffer.concat([START, exif(`4d4d002a000000080001${'0112000400000001'}00000001`), bytes.subarray(2)]),
    },
  ])('is not plain for $name', async ({ damage }) => {
    expect(plainJpegSize(damage(await encodeJpeg(picture)))).toBeUndefined();
  });

  it('may have fill bytes before a marker', async () => {
    const bytes = await encodeJpeg(picture);
    const filled = Buffer.concat([START, Buffer.alloc(3, 0xff), bytes.subarray(2)]);
    expect(plainJpegSize(filled)).toEqual({ width, height });
  });

  it('can be any bytes', async () => {
    const bytes = await encodeJpeg(picture, 'an upright JPEG with EXIF');
    fc.assert(
      fc.property(fc.nat(scanOf(bytes) + 12), fc.nat(255), fc.nat(bytes.length), (at, value, length) => {
        const size = plainJpegSize(withByte(bytes, at, value).subarray(0, length));
        expect(size === undefined || size.width > 0).toBe(true);
      }),
    );
  });
});

const START = Buffer.from('ffd8', 'hex');

function exif(tiff: string): Buffer {
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), Buffer.from(tiff, 'hex')]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length + 2);
  return Buffer.concat([Buffer.from('ffe1', 'hex'), length, content]);
}

/** Where the marker of the scan stands; no byte of our headers' tables is 0xff. */
function scanOf(bytes: Buffer): number {
  return bytes.indexOf(Buffer.from('ffda', 'hex'));
}

function frameOf(bytes: Buffer): number {
  return bytes.indexOf(Buffer.from('ffc0', 'hex'));
}

function frameSegment(bytes: Buffer): Buffer {
  const at = frameOf(bytes);
  return bytes.subarray(at, at + 2 + bytes.readUInt16BE(at + 2));
}

function withByte(bytes: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = value;
  return changed;
}
