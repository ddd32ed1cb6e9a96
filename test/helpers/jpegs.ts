import sharp, { type Sharp } from 'sharp';
import { drawGrey } from './media-drawing.ts';

export interface RgbPicture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** A colour picture of shapes, gradients and noise, one for each number: its colours are three grey pictures of one size. */
export function drawRgb(index: number): RgbPicture {
  const [red, green, blue] = [0, 8, 16].map((step) => drawGrey(index + step)) as [Grey, Grey, Grey];
  const { width, height } = red;
  const rgb = new Uint8Array(3 * width * height);
  for (const [color, { grey }] of [red, green, blue].entries()) {
    for (const [pixel, level] of grey.entries()) rgb[3 * pixel + color] = level;
  }
  return { width, height, rgb };
}

type Grey = ReturnType<typeof drawGrey>;

/** The kinds of JPEG that cameras, phones and programs write. */
const KINDS = {
  'a 4:2:0 JPEG': (image) => image.jpeg({ quality: 92 }).toBuffer(),
  'a 4:4:4 JPEG': (image) => image.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer(),
  'a JPEG of the best quality': (image) => image.jpeg({ quality: 100 }).toBuffer(),
  'a grey JPEG': (image) => image.greyscale().jpeg().toBuffer(),
  'an upright JPEG with EXIF': async (image) => withOrientation(await image.jpeg().toBuffer(), 1),
  'a turned JPEG': async (image) => withOrientation(await image.jpeg().toBuffer(), 6),
  'a progressive JPEG': (image) => image.jpeg({ progressive: true }).toBuffer(),
  'a JPEG with a colour profile': (image) => image.withIccProfile('p3').jpeg().toBuffer(),
  'a CMYK JPEG': (image) => image.toColourspace('cmyk').jpeg().toBuffer(),
} satisfies Record<string, (image: Sharp) => Promise<Buffer>>;

export type JpegKind = keyof typeof KINDS;

export function encodeJpeg({ width, height, rgb }: RgbPicture, kind: JpegKind = 'a 4:2:0 JPEG'): Promise<Buffer> {
  return KINDS[kind](sharp(rgb, { raw: { width, height, channels: 3 } }));
}

/** The JPEG with EXIF of one entry, as a phone that was held in some way writes it; 6 is to be turned clockwise. */
function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const entry = `0112000300000001000${orientation}0000`;
  const exif = Buffer.from(`ffe100224578696600004d4d002a000000080001${entry}00000000`, 'hex');
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

/** The mean and the largest difference of two rows of bytes. */
export function difference(one: Uint8Array, other: Uint8Array): { mean: number; largest: number } {
  if (one.length !== other.length) throw new Error(`Expected ${one.length} bytes, found ${other.length}.`);
  const apart = Array.from(one, (byte, at) => Math.abs(byte - other[at]!));
  return {
    mean: apart.reduce((sum, step) => sum + step, 0) / apart.length,
    largest: apart.reduce((most, step) => Math.max(most, step), 0),
  };
}

/** A JPEG as a phone writes it, with the place and the lens in its head. */
export function withPlace(
  { width, height, rgb }: RgbPicture,
  { latitude, longitude, altitudeMetres }: { latitude: number; longitude: number; altitudeMetres?: number },
  focal35Millimetres: number,
  orientation = 1,
): Promise<Buffer> {
  const degrees = (value: number) => {
    const whole = Math.floor(Math.abs(value));
    return `${whole}/1 ${Math.round((Math.abs(value) - whole) * 60e6)}/1000000 0/1`;
  };
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .withExif({
      IFD0: { Orientation: String(orientation) },
      IFD2: { FocalLengthIn35mmFilm: String(focal35Millimetres) },
      IFD3: {
        GPSLatitudeRef: latitude < 0 ? 'S' : 'N',
        GPSLatitude: degrees(latitude),
        GPSLongitudeRef: longitude < 0 ? 'W' : 'E',
        GPSLongitude: degrees(longitude),
        ...(altitudeMetres === undefined ? {} : { GPSAltitude: `${Math.round(altitudeMetres * 1000)}/1000` }),
      },
    })
    .jpeg({ quality: 92 })
    .toBuffer();
}
