import { decodeRgb, type EncodedImage, type Size, sizeOf } from '#media/images';
import { decodePlainJpeg } from '#media/jpeg';
import type { PictureKernels } from '#media/picture-kernels';
import type { ModelInput } from '../models.ts';
import { type Placement, placementOf } from './placement.ts';

/** A picture as the model wants to see it: its size as it is seen, and where in the input it stands. */
export interface Picture extends Size, Placement {}

/**
 * Decodes a picture and leaves it, resized as model.json says, in `kernels.resampled`. Plain JPEGs, which nearly all
 * pictures are, go by the quick way; sharp takes the others. Nothing but the file's own bytes decides which way it goes.
 * @throws MediaError when the picture can't be decoded whole.
 */
export async function resizePicture(
  image: EncodedImage,
  input: ModelInput,
  kernels: Pick<PictureKernels, 'pixels' | 'resampled' | 'resample'>,
): Promise<Picture> {
  const plain = await decodePlainJpeg(image.bytes, kernels.pixels);
  const size = plain ?? (await sizeOf(image));
  const placement = placementOf(size, input);
  if (plain) kernels.resample(plain, placement.inner);
  else kernels.resampled.set(await decodeRgb(image, placement.inner));
  return { ...size, ...placement };
}
