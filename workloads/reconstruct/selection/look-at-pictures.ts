import { isRefusal } from '#core/errors';
import { createFrameKernels, type FrameKernels } from '#media/frame-kernels';
import { readGrey } from '#media/images';
import type { Candidate } from './choose-frames.ts';
import { watchMotion } from './watch-motion.ts';

/** A picture that may be chosen. */
export interface PictureCandidate extends Candidate {
  name: string;
  path: string;
  width: number;
  height: number;
}

export interface LookedAtPictures {
  candidates: PictureCandidate[];
  unreadable: { name: string; reason: string }[];
}

/** Looks at pictures in the order of their names. One that can't be read is left out and named. */
export async function lookAtPictures(
  pictures: readonly { name: string; path: string }[],
  onProgress?: (done: number, total: number) => void,
): Promise<LookedAtPictures> {
  const look = watchMotion();
  const candidates: PictureCandidate[] = [];
  const unreadable: LookedAtPictures['unreadable'] = [];
  let kernels: FrameKernels | undefined;
  for (const [at, { name, path }] of pictures.entries()) {
    try {
      const { grey, width, height } = await readGrey(path);
      if (kernels?.width !== width || kernels.height !== height)
        kernels = createFrameKernels({ width, height, count: 1 });
      const buffer = kernels.buffers[0]!;
      buffer.bytes.set(grey);
      candidates.push({
        name,
        path,
        width,
        height,
        sharpness: kernels.sharpness(buffer),
        ...look(grey, width, height),
      });
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      unreadable.push({ name, reason: thrown.message });
    }
    onProgress?.(at + 1, pictures.length);
  }
  return { candidates, unreadable };
}
