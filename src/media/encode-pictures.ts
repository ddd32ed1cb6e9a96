import { once } from 'node:events';
import { join } from 'node:path';
import { ffmpegFailure, startFfmpeg } from './ffmpeg.ts';

/** One thread and no version strings: the same ffmpeg writes the same bytes again. */
export const SAME_BYTES = ['-threads', '1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1'];

export interface Pictures {
  width: number;
  height: number;
  framesPerSecond: number;
  /** RGB, 3 bytes a pixel, rows from the top. Each is copied before the next is asked for. */
  pictures: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/**
 * Encodes pictures into the file `name` in `folder` with ffmpeg's `options`. @returns its path.
 * @throws ToolError without ffmpeg, MediaError if it can't encode, ResourceError when the disk is full.
 */
export async function encodePictures(
  { width, height, framesPerSecond, pictures }: Pictures,
  folder: string,
  name: string,
  options: readonly string[],
): Promise<string> {
  const size = ['-video_size', `${width}x${height}`, '-framerate', String(framesPerSecond)];
  const encoder = await startFfmpeg({
    input: { source: 'stdin', options: ['-f', 'rawvideo', '-pixel_format', 'rgb24', ...size] },
    output: { target: name, options: [...options] },
    folder,
  });
  for await (const picture of pictures) {
    const hasRoom = encoder.stdin.write(Buffer.from(picture));
    // An encoder that has ended never drains; why it has ended is told below.
    if (!hasRoom) await Promise.race([once(encoder.stdin, 'drain').catch(() => undefined), encoder.ended]);
    if (encoder.stdin.destroyed) break;
  }
  encoder.stdin.end();
  const end = await encoder.ended;
  if (end.exitCode !== 0) throw ffmpegFailure(name, end);
  return join(folder, name);
}
