import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openInputFile } from '#adapters/local/input-files';
import { readGrey } from '#media/images';
import { probeMedia } from '#media/probe';
import { keepChosen } from '#workloads/reconstruct/selection/keep-chosen';
import { lookAtVideo } from '#workloads/reconstruct/selection/look-at-video';
import { clipOfPictures } from '../../helpers/example-clips.ts';
import { testFolder } from '../../helpers/folder.ts';

const SIZE = { width: 96, height: 64 };
const greyOf = (frame: number) => 20 + frame;

/** Every frame of one grey, so that it can be told from the others. */
async function staircase(folder: string, frames: number) {
  const pictures = Array.from({ length: frames }, (_, at) =>
    new Uint8Array(3 * SIZE.width * SIZE.height).fill(greyOf(at)),
  );
  const input = await clipOfPictures(pictures, folder, { ...SIZE, framesPerSecond: 10 });
  const source = await openInputFile(input);
  const media = await probeMedia(source).finally(() => source.close());
  return { path: input.uri, name: input.name, media };
}

it('the chosen frames of a video stay as JPEGs under their numbers, and no other', async () => {
  const folder = await testFolder();
  const clip = await staircase(folder, 200);
  const frames = join(folder, 'frames');
  const { candidates } = await lookAtVideo({ ...clip, candidatesPerSecond: 6, folder: frames });
  // 20 seconds at six a second are 120 of 200 frames.
  expect(candidates).toHaveLength(120);
  const chosen = [0, 7, 64, 119];
  const names = await keepChosen(candidates, { chosen, reasons: new Map(), wayWidths: 0 }, frames);
  expect((await readdir(frames)).sort()).toEqual(names);
  for (const [at, name] of names.entries()) {
    const { index } = candidates[chosen[at]!]!;
    expect(name).toBe(`frame_${String(index).padStart(6, '0')}.jpg`);
    const { grey, ...size } = await readGrey(await readFile(join(frames, name)));
    expect(size).toEqual(SIZE);
    expect(Math.abs(grey[grey.length >> 1]! - greyOf(index))).toBeLessThanOrEqual(2);
  }
});

it('the same video gives the same numbers and the same bytes', async () => {
  const folder = await testFolder();
  const clip = await staircase(folder, 30);
  const look = async (name: string) => {
    const { candidates } = await lookAtVideo({ ...clip, candidatesPerSecond: 60, folder: join(folder, name) });
    const jpegs = await Promise.all(candidates.map(({ file }) => readFile(join(folder, name, file))));
    return { candidates, jpegs };
  };
  expect(await look('second')).toEqual(await look('first'));
});
