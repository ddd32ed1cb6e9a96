import { basename } from 'node:path';
import type { JobInput } from '#core/job';
import { encodeFilm } from './example/encode-film.ts';
import { inventFilm } from './example/film.ts';

/**
 * Draws the clip that `stepreel run clip-qc --example` works on: a sign before clouds whose letters change by themselves.
 * @throws ToolError where there is no ffmpeg.
 */
export async function drawExample(folder: string): Promise<JobInput[]> {
  const film = inventFilm('text-mutation', 'example', {
    ...{ width: 1280, height: 720, seconds: 5, framesPerSecond: 10 },
    backdrops: ['clouds'],
  });
  const clip = await encodeFilm(film, folder, 'example.mp4');
  return [{ name: basename(clip), uri: clip }];
}
