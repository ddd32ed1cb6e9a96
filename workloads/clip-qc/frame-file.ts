import { type FileHandle, open } from 'node:fs/promises';
import { ContractError } from '#core/errors';
import type { MeasuredFrame } from './features/frame-pair.ts';
import { histogramOf } from './features/histogram.ts';
import { greyOf } from './features/picture.ts';

/** The sampled frames of a clip as raw RGB in one file, read in any order. */
export interface FrameFile {
  width: number;
  height: number;
  count: number;
  /** A frame in all forms that are measured; the caller's own. */
  read(frame: number): Promise<MeasuredFrame>;
  close(): Promise<void>;
}

/** @throws ContractError when the file has not as many frames as it is said to have. */
export async function openFrameFile(
  path: string,
  { width, height, count }: Pick<FrameFile, 'width' | 'height' | 'count'>,
): Promise<FrameFile> {
  const file = await open(path);
  const frameBytes = width * height * 3;
  const { size } = await file.stat();
  if (size !== frameBytes * count) {
    await file.close();
    throw new ContractError(
      `Expected ${count} frames of ${width}x${height} (${frameBytes * count} bytes), found ${size}.`,
    );
  }
  return {
    width,
    height,
    count,
    async read(frame) {
      const rgb = await readWhole(file, frameBytes, frame * frameBytes);
      const grey = greyOf({ width, height, rgb });
      return { ...grey, rgb, histogram: histogramOf(grey) };
    },
    close: () => file.close(),
  };
}

async function readWhole(file: FileHandle, length: number, position: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new ContractError(`The file of frames ended at byte ${position + filled}.`);
    filled += bytesRead;
  }
  return bytes;
}
