import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { InputNotFoundError, MediaError } from '#core/errors';

/** What an image may be at most; anything beyond is refused before a pixel is decoded. */
export const IMAGE_LIMITS = { bytes: 256 * 2 ** 20, pixels: 100_000_000 } as const;

// One thread a picture: callers work on several pictures at once, which uses the cores better than splitting one.
sharp.concurrency(1);
// Every picture is read once, so a cache of operations only holds memory.
sharp.cache(false);

/** A picture as the caller has it: a path of a JPEG or PNG file, or its bytes. */
export type ImageSource = string | Uint8Array;

export interface Size {
  width: number;
  height: number;
}

/** The bytes of a JPEG or PNG, and what to call it. */
export interface EncodedImage {
  bytes: Uint8Array;
  name: string;
}

/**
 * The file's bytes, or the given ones. They are read here, because libvips gives `[` in a file name a meaning of its own.
 * @throws MediaError when they are neither a JPEG's nor a PNG's.
 */
export async function readImage(source: ImageSource): Promise<EncodedImage> {
  const name = typeof source === 'string' ? basename(source) : 'The image';
  const bytes = typeof source === 'string' ? await readBounded(source, name) : source;
  if (!isJpeg(bytes) && !isPng(bytes)) {
    throw new MediaError(`${name} is neither a JPEG nor a PNG (${bytes.length} bytes). Send one of these.`);
  }
  return { bytes, name };
}

/** Width and height as the picture is seen, orientation applied, from its header alone. @throws MediaError */
export async function sizeOf({ bytes, name }: EncodedImage): Promise<Size> {
  const { autoOrient } = await decoding(name, () => openImage(bytes).metadata());
  return { width: autoOrient.width, height: autoOrient.height };
}

/**
 * The picture as it is seen, scaled to exactly width x height: rows from the top, R G B interleaved.
 * @throws MediaError when it can't be decoded whole.
 */
export function decodeRgb({ bytes, name }: EncodedImage, { width, height }: Size): Promise<Uint8Array> {
  return decoding(name, () => {
    const image = openImage(bytes).resize(width, height, { fit: 'fill', kernel: 'linear' }).toColourspace('srgb').raw();
    // A JPEG has no transparency, and looking for it takes a tenth of the time.
    return (isJpeg(bytes) ? image : image.flatten({ background: '#000' })).toBuffer();
  });
}

/** Grey 0-255 of the whole picture by BT.601 weights, as Pillow's convert('L') makes it. */
export async function readGrey(source: ImageSource): Promise<Size & { grey: Uint8Array }> {
  const image = await readImage(source);
  const { width, height } = await sizeOf(image);
  const rgb = await decodeRgb(image, { width, height });
  const grey = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel += 1, at += 3) {
    // ITU-R BT.601 luma in 16-bit fixed point: 0.299 R + 0.587 G + 0.114 B, rounded.
    grey[pixel] = (rgb[at]! * 19595 + rgb[at + 1]! * 38470 + rgb[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return { width, height, grey };
}

/** A JPEG of the picture, `width` pixels wide, never larger than the picture itself. */
export async function thumbnailJpeg(source: ImageSource, width: number): Promise<Buffer> {
  const { bytes, name } = await readImage(source);
  return decoding(name, () =>
    openImage(bytes).resize({ width, withoutEnlargement: true }).jpeg({ quality: 80, mozjpeg: false }).toBuffer(),
  );
}

/** A JPEG of a picture that lies in memory, rows from the top, R G B interleaved. The same pixels give the same bytes. */
export function jpegOfRgb(rgb: Uint8Array, { width, height }: Size, quality = 85): Promise<Buffer> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality, mozjpeg: false })
    .toBuffer();
}

/** The picture's EXIF block, where it has one. */
export async function exifOf({ bytes, name }: EncodedImage): Promise<Uint8Array | undefined> {
  return (await decoding(name, () => openImage(bytes).metadata())).exif;
}

/** A JPEG of the picture as it is seen, with all that its EXIF says but how it was held. */
export function uprightJpeg({ bytes, name }: EncodedImage, quality: number): Promise<Buffer> {
  return decoding(name, () => openImage(bytes).keepExif().jpeg({ quality, mozjpeg: false }).toBuffer());
}

/** A grey PNG of this size: white where the picture is bright and opaque, black elsewhere, nothing in between. */
export function maskPng({ bytes, name }: EncodedImage, { width, height }: Size): Promise<Buffer> {
  return decoding(name, () =>
    openImage(bytes)
      .flatten({ background: '#000' })
      .resize(width, height, { fit: 'fill', kernel: 'nearest' })
      .greyscale()
      .threshold(128)
      .toColourspace('b-w')
      .png()
      .toBuffer(),
  );
}

/** Width and height as the picture is seen, from its header alone. */
export async function imageSize(source: ImageSource): Promise<Size> {
  return sizeOf(await readImage(source));
}

/** The versions of sharp and of libvips, which does its work. */
export function imageLibraryVersion(): string {
  return `${sharp.versions.sharp} (libvips ${sharp.versions.vips})`;
}

function openImage(bytes: Uint8Array): Sharp {
  return sharp(bytes, { autoOrient: true, limitInputPixels: IMAGE_LIMITS.pixels, failOn: 'truncated' });
}

async function decoding<T>(name: string, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MediaError(`${name} can't be decoded as an image: ${reason}. Send a whole JPEG or PNG.`, { cause });
  }
}

async function readBounded(path: string, name: string): Promise<Uint8Array> {
  const file = await open(path).catch((cause: unknown) => {
    throw new InputNotFoundError(`${name} can't be opened as an image file.`, { cause });
  });
  try {
    const { size } = await file.stat();
    if (size > IMAGE_LIMITS.bytes) {
      throw new MediaError(`${name} has ${size} bytes; an image may have ${IMAGE_LIMITS.bytes}.`);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

// Told by their first bytes, so that no decoder of another format (SVG, PDF, …) ever sees a stranger's file.
function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, at) => bytes[at] === byte);
}
