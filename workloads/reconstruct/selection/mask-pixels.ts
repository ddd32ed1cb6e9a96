import { InputError } from '#core/errors';
import type { JobInput } from '#core/job';
import type { StepArtifacts } from '#core/step';
import { decodeRgb, maskPng, readImage, type Size, sizeOf } from '#media/images';

// One pixel of a thumbnail's size is more than this; a mask of another shape is one of another picture.
const SHAPE_TOLERANCE = 0.02;

/** A mask, brought to the size of its picture. */
export interface FittedMask {
  png: Uint8Array;
  /** 0 where nothing is looked for, 255 elsewhere; rows from the top. */
  pixels: Uint8Array;
}

/** @throws InputError when the mask has another shape than its picture, MediaError when it is no picture. */
export async function fitMask(mask: JobInput, size: Size, artifacts: StepArtifacts): Promise<FittedMask> {
  const image = await readImage(await artifacts.local(mask));
  const own = await sizeOf(image);
  const stretch = own.width / own.height / (size.width / size.height);
  if (Math.abs(stretch - 1) > SHAPE_TOLERANCE) {
    throw new InputError(
      `The mask ${mask.name} is ${own.width}x${own.height}, and its picture, upright, is ${size.width}x${size.height}. Send one of the same shape.`,
    );
  }
  const png = await maskPng(image, size);
  const rgb = await decodeRgb({ bytes: png, name: mask.name }, size);
  return { png, pixels: Uint8Array.from({ length: size.width * size.height }, (_, at) => rgb[3 * at]!) };
}
