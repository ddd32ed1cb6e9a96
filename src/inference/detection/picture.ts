import type { Corners } from '#annotation/boxes';
import { readRgbLetterboxed, readRgbStretched } from '#media/images';
import type { ModelInput } from '../models.ts';

/** A picture as the model wants to see it, and how to get back: input pixels = image pixels * scale + pad. */
export interface Picture extends Placement {
  /** width * height * 3 bytes: rows from the top, R G B interleaved. */
  rgb: Uint8Array;
  width: number;
  height: number;
}

export interface Placement {
  scaleX: number;
  scaleY: number;
  padX: number;
  padY: number;
}

/** Reads a picture, resized as model.json says. `width` and `height` are those of the stored picture. */
export async function readPicture(path: string, { width, height, resize, pad }: ModelInput): Promise<Picture> {
  if (resize === 'stretch') {
    const { imageWidth, imageHeight, ...picture } = await readRgbStretched(path, { width, height });
    return { ...picture, padX: 0, padY: 0, width: imageWidth, height: imageHeight };
  }
  const { imageWidth, imageHeight, scale, ...picture } = await readRgbLetterboxed(path, { width, height, pad });
  return { ...picture, scaleX: scale, scaleY: scale, width: imageWidth, height: imageHeight };
}

/** Corners in pixels of the model's input, in pixels of the picture; they may lie outside of it. */
export function toPicture([x1, y1, x2, y2]: Corners, { scaleX, scaleY, padX, padY }: Placement): Corners {
  return [(x1 - padX) / scaleX, (y1 - padY) / scaleY, (x2 - padX) / scaleX, (y2 - padY) / scaleY];
}
