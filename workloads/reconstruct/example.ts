import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { JobInput } from '#core/job';
import { encodeViews } from './example/encode-views.ts';
import { orbitViews } from './example/orbit.ts';
import { renderView } from './example/scene.ts';

export const EXAMPLE = { width: 480, height: 360, views: 48, turns: 1, radius: 3, framesPerSecond: 12 } as const;

/**
 * Draws the clip that `stepreel run reconstruct --example` works on: a walk around boxes and a ball on a table. Where each
 * frame was taken lies beside it, in example.truth.json. @throws ToolError where there is no ffmpeg.
 */
export async function drawExample(folder: string): Promise<JobInput[]> {
  const views = orbitViews(EXAMPLE);
  const { width, height, framesPerSecond } = EXAMPLE;
  const pictures = (function* () {
    for (const view of views) yield renderView(view, width, height);
  })();
  const clip = await encodeViews({ width, height, framesPerSecond, pictures }, folder, 'example.mp4');
  await writeFile(join(folder, 'example.truth.json'), `${JSON.stringify({ ...EXAMPLE, views }, null, 1)}\n`);
  return [{ name: basename(clip), uri: clip }];
}
