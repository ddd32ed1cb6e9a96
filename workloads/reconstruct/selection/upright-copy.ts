import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { decodeRgb, jpegOfRgb, readImage, sizeOf } from '#media/images';
import { plainJpegSize } from '#media/jpeg-header';

/**
 * Copies a picture as it is, with all that its head says of the lens, if it is upright; a turned one is written anew,
 * since engines look at pixels as they lie. @returns the name of the copy.
 */
export async function uprightCopy(path: string, folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const image = await readImage(path);
  const isPng = image.bytes[0] === 0x89;
  if (isPng || plainJpegSize(image.bytes)) {
    const ending = isPng ? '.png' : '.jpg';
    const file = extname(name).toLowerCase() === ending ? name : `${name}${ending}`;
    await copyFile(path, join(folder, file));
    return file;
  }
  const size = await sizeOf(image);
  const file = `${name}.jpg`;
  await writeFile(join(folder, file), await jpegOfRgb(await decodeRgb(image, size), size, 95));
  return file;
}
