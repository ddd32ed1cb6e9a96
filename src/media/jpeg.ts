import turbo from '@julusian/jpeg-turbo';
import type { Size } from './images.ts';
import { plainJpegSize } from './jpeg-header.ts';

/**
 * Decodes a plain JPEG into `pixels`, rows from the top, R G B interleaved, and says its size. This is the one door to
 * libjpeg-turbo's own binding, which takes a quarter of the time that sharp does.
 *
 * `undefined` when the file is no plain JPEG (see plainJpegSize), has more pixels than there is room for, or when the
 * decoder has anything to say about it, be it a mere warning such as a missing end: sharp decides about such a file, and
 * names what is wrong with it. What `pixels` holds then means nothing.
 */
export async function decodePlainJpeg(bytes: Uint8Array, pixels: Buffer): Promise<Size | undefined> {
  const size = plainJpegSize(bytes);
  if (!size || size.width * size.height * 3 > pixels.length) return undefined;
  try {
    const { width, height } = await turbo.decompress(asBuffer(bytes), pixels, { format: turbo.FORMAT_RGB });
    return width === size.width && height === size.height ? size : undefined;
  } catch {
    return undefined;
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
