import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { ffmpegFailure, startFfmpeg } from '../ffmpeg.ts';
import { type DrawnPicture, toCocoTruth } from './coco-truth.ts';
import { exampleFilm, FILM, type Place } from './example-film.ts';

const CLIP = 'example.mp4';
const TRUTH = 'example.coco.json';

// One thread and no version strings: the same ffmpeg writes the same bytes again.
const ENCODE = [
  ...['-vf', 'scale=out_color_matrix=bt709:flags=accurate_rnd+bitexact', '-pix_fmt', 'yuv420p'],
  ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-threads', '1'],
  ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1', '-movflags', '+faststart'],
];

/**
 * Draws the example clip into `folder`: an H.264 file and the boxes of its frames as a COCO file, whose images stand in
 * the order of the frames, from 0. @returns both paths. @throws ToolError without ffmpeg, MediaError if it can't encode.
 */
export async function drawExampleClip(
  folder: string,
  places?: readonly Place[],
): Promise<{ clip: string; truth: string }> {
  const { width, height, framesPerSecond } = FILM;
  const input = ['-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', `${width}x${height}`];
  const encoder = await startFfmpeg({
    input: { source: 'stdin', options: [...input, '-framerate', String(framesPerSecond)] },
    output: { target: CLIP, options: ENCODE },
    folder,
  });
  const pictures: DrawnPicture[] = [];
  for (const { rgb, truth, blurred } of exampleFilm(places)) {
    const frame = pictures.length;
    const file_name = `frame_${String(frame).padStart(6, '0')}.jpg`;
    pictures.push({ image: { file_name, width, height, frame, blurred }, truth });
    // An encoder that has ended never drains; why it has ended is told below.
    if (!encoder.stdin.write(rgb)) await Promise.race([drained(encoder.stdin), encoder.ended]);
    if (encoder.stdin.destroyed) break;
  }
  encoder.stdin.end();
  const end = await encoder.ended;
  if (end.exitCode !== 0) throw ffmpegFailure(CLIP, end);

  const truth = join(folder, TRUTH);
  await writeFile(truth, `${JSON.stringify(toCocoTruth(pictures))}\n`);
  return { clip: join(folder, CLIP), truth };
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => stream.once('drain', resolve));
}
