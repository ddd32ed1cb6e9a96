import { once } from 'node:events';
import { join } from 'node:path';
import { ffmpegFailure, startFfmpeg } from '#media/ffmpeg';
import type { Film } from './film.ts';

// One thread and no version strings: the same ffmpeg writes the same bytes again.
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p'];
const SAME_BYTES = ['-threads', '1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1'];

/**
 * Draws a film and writes it into `folder`. @returns the path of the clip.
 * @throws ToolError without ffmpeg, MediaError if it can't encode, ResourceError when the disk is full.
 */
export async function encodeFilm(
  film: Film,
  folder: string,
  name: string,
  codec: readonly string[] = H264,
): Promise<string> {
  const { width, height, framesPerSecond } = film;
  const size = ['-video_size', `${width}x${height}`, '-framerate', String(framesPerSecond)];
  const encoder = await startFfmpeg({
    input: { source: 'stdin', options: ['-f', 'rawvideo', '-pixel_format', 'rgb24', ...size] },
    output: { target: name, options: [...codec, ...SAME_BYTES] },
    folder,
  });
  for await (const picture of film.pictures()) {
    // The picture is lent, so the encoder gets a copy. One that has ended never drains; why it has is told below.
    const room = encoder.stdin.write(Buffer.from(picture));
    if (!room) await Promise.race([once(encoder.stdin, 'drain').catch(() => undefined), encoder.ended]);
    if (encoder.stdin.destroyed) break;
  }
  encoder.stdin.end();
  const end = await encoder.ended;
  if (end.exitCode !== 0) throw ffmpegFailure(name, end);
  return join(folder, name);
}
