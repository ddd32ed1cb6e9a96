import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { locateFfmpeg } from '#media/ffmpeg';

export interface ClipOptions {
  name?: string;
  seconds?: number;
  rate?: number;
  size?: string;
  /** A lavfi source; the default moves all the time, so that neither blur nor dedup drops much. */
  source?: string;
  /** Options for the encoder and container. */
  encode?: string[];
}

/** Draws a short clip with ffmpeg. @returns its path. */
export async function drawClip(
  folder: string,
  { name = 'clip.mp4', seconds = 2, rate = 10, size = '320x240', source = 'testsrc2', encode = [] }: ClipOptions = {},
): Promise<string> {
  const path = join(folder, name);
  const lavfi = `${source}=size=${size}:rate=${rate}:duration=${seconds}`;
  const codec =
    encode.length > 0
      ? encode
      : ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];
  const { path: ffmpeg } = await locateFfmpeg();
  await promisify(execFile)(ffmpeg, [
    '-v',
    'error',
    '-nostdin',
    '-y',
    '-f',
    'lavfi',
    '-i',
    lavfi,
    ...codec,
    `file:${path}`,
  ]);
  return path;
}
