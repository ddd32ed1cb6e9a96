import { once } from 'node:events';
import { join } from 'node:path';
import { ffmpegFailure, startFfmpeg } from '#media/ffmpeg';

// One thread and no version strings: the same ffmpeg writes the same bytes again.
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];
const SAME_BYTES = ['-threads', '1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1'];

interface Film {
  width: number;
  height: number;
  framesPerSecond: number;
  /** RGB pictures, rows from the top. */
  pictures: Iterable<Uint8Array>;
  options?: readonly string[];
}

/** Writes pictures as a clip into `folder`. @returns its path. @throws ToolError without ffmpeg. */
export async function encodeViews(
  { width, height, framesPerSecond, pictures, options = [] }: Film,
  folder: string,
  name: string,
): Promise<string> {
  const size = ['-video_size', `${width}x${height}`, '-framerate', String(framesPerSecond)];
  const encoder = await startFfmpeg({
    input: { source: 'stdin', options: ['-f', 'rawvideo', '-pixel_format', 'rgb24', ...size] },
    output: { target: name, options: [...H264, ...options, ...SAME_BYTES] },
    folder,
  });
  for (const picture of pictures) {
    const room = encoder.stdin.write(Buffer.from(picture));
    if (!room) await Promise.race([once(encoder.stdin, 'drain').catch(() => undefined), encoder.ended]);
    if (encoder.stdin.destroyed) break;
  }
  encoder.stdin.end();
  const end = await encoder.ended;
  if (end.exitCode !== 0) throw ffmpegFailure(name, end);
  return join(folder, name);
}
