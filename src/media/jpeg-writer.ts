import { mkdir, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ffmpegFailure, startFfmpeg } from './ffmpeg.ts';

export interface JpegWriter {
  /**
   * Queues a full-range BT.601 4:2:0 picture to become `file`; `release` is called when its bytes may be used again.
   * @throws what an earlier picture failed with.
   */
  write(picture: Uint8Array, file: string, release: () => void): Promise<void>;
  /** Waits for the encoder and gives all files their names. @throws ResourceError when the disk is full. */
  finish(): Promise<void>;
  /** Ends the encoder and removes what is not finished. */
  discard(): Promise<void>;
}

export interface JpegWriterOptions {
  folder: string;
  width: number;
  height: number;
  /** ffmpeg's scale of JPEG quality: 2 is best, 31 worst. */
  quality: number;
  signal?: AbortSignal | undefined;
}

/**
 * Starts an encoder of its own process that writes pictures of one size into `folder`. The files stand under their names
 * only when all of them are whole.
 */
export async function openJpegWriter({
  folder,
  width,
  height,
  quality,
  signal,
}: JpegWriterOptions): Promise<JpegWriter> {
  const unfinished = join(folder, '.encoding');
  await mkdir(unfinished, { recursive: true });
  const encoder = await startFfmpeg({
    input: {
      source: 'stdin',
      options: ['-f', 'rawvideo', '-pix_fmt', 'yuvj420p', '-video_size', `${width}x${height}`],
    },
    output: {
      target: '%d.jpg',
      options: ['-c:v', 'mjpeg', '-q:v', String(quality), '-fps_mode', 'passthrough', '-start_number', '0'].concat(
        // No version of ffmpeg in the files, so that the same frames give the same bytes.
        ...[
          ['-flags', '+bitexact'],
          ['-threads', String(Math.min(availableParallelism(), 4))],
          ['-f', 'image2'],
        ],
      ),
    },
    folder: unfinished,
    signal,
  });
  const files: string[] = [];
  let failure: Error | null | undefined;

  return {
    async write(picture, file, release) {
      // The encoder is gone; why, it says itself.
      if (failure) throw ffmpegFailure('the frames', await encoder.ended);
      files.push(file);
      encoder.stdin.write(picture, (error) => {
        failure ??= error;
        release();
      });
    },
    async finish() {
      encoder.stdin.end();
      const end = await encoder.ended;
      signal?.throwIfAborted();
      if (end.exitCode !== 0) throw ffmpegFailure('the frames', end);
      for (const [number, file] of files.entries()) await rename(join(unfinished, `${number}.jpg`), join(folder, file));
      await rm(unfinished, { recursive: true });
    },
    async discard() {
      await encoder.stop();
      await rm(unfinished, { recursive: true, force: true });
    },
  };
}
