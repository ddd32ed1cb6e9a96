import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { readImage, uprightJpeg } from '#media/images';
import { plainJpegSize } from '#media/jpeg-header';

/**
 * Copies a picture as it is if it is upright; a turned one is written anew, since engines look at pixels as they lie. What
 * its EXIF says of lens and place stays: engines read it. @returns the name of the copy.
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
  const file = `${name}.jpg`;
  await writeFile(join(folder, file), await uprightJpeg(image, 95));
  return file;
}
