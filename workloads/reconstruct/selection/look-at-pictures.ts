import { isRefusal } from '#core/errors';
import { type ExifFacts, readExif } from '#media/exif';
import { createFrameKernels, type FrameKernels } from '#media/frame-kernels';
import { exifOf, readGrey, readImage } from '#media/images';
import type { Candidate } from './choose-frames.ts';
import { watchMotion } from './watch-motion.ts';

/** A picture that may be chosen. */
export interface PictureCandidate extends Candidate {
  name: string;
  path: string;
  width: number;
  height: number;
  exif: ExifFacts;
}

/** The mask of a picture of this size. */
type MaskFor = (size: { width: number; height: number }) => Promise<Uint8Array>;

export interface LookedAtPictures {
  candidates: PictureCandidate[];
  unreadable: { name: string; reason: string }[];
}

/** Looks at pictures in the order of their names. One that can't be read is left out and named. */
export async function lookAtPictures(
  pictures: readonly { name: string; path: string; maskFor?: MaskFor | undefined }[],
  onProgress?: (done: number, total: number) => void,
): Promise<LookedAtPictures> {
  const look = watchMotion();
  const candidates: PictureCandidate[] = [];
  const unreadable: LookedAtPictures['unreadable'] = [];
  let kernels: FrameKernels | undefined;
  for (const [at, { name, path, maskFor }] of pictures.entries()) {
    const read = await readGrey(path).catch((thrown: unknown) => {
      if (!isRefusal(thrown)) throw thrown;
      unreadable.push({ name, reason: thrown.message });
    });
    if (read) {
      const { grey, width, height } = read;
      if (kernels?.width !== width || kernels.height !== height)
        kernels = createFrameKernels({ width, height, count: 1 });
      const buffer = kernels.buffers[0]!;
      buffer.bytes.set(grey);
      const mask = await maskFor?.({ width, height });
      const sharpness = kernels.sharpness(buffer);
      const block = await exifOf(await readImage(path));
      const exif = block ? readExif(block) : {};
      candidates.push({ name, path, width, height, exif, sharpness, ...look(grey, width, height, mask) });
    }
    onProgress?.(at + 1, pictures.length);
  }
  return { candidates, unreadable };
}
