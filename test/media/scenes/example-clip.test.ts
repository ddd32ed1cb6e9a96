import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { startFfmpeg } from '#media/ffmpeg';
import { exampleFilm, FILM, type FilmFrame } from '#media/scenes/example-film';
import { drawExample } from '#workloads/dataset/example';
import { testFolder } from '../../helpers/folder.ts';

describe('the example film', () => {
  let frames: FilmFrame[];
  beforeAll(() => {
    const film = exampleFilm();
    frames = Array.from({ length: 24 }, () => film.next().value as FilmFrame);
  });

  it('moves until its first pause, and shows people, vehicles and cones', () => {
    expect(frames[2]!.truth).not.toEqual(frames[0]!.truth);
    expect(new Set(frames[0]!.truth.map(({ label }) => label))).toEqual(new Set(['person', 'vehicle', 'cone']));
  });

  it('stands still in a pause', () => {
    expect(frames[23]!.truth).toEqual(frames[20]!.truth);
  });

  it('is blurred where the mast shakes', () => {
    expect(frames.flatMap(({ blurred }, index) => (blurred ? [index] : []))).toEqual([9, 10]);
    expect(detail(frames[9]!)).toBeLessThan(detail(frames[8]!) / 2);
  });
});

it('the example clip decodes to as many frames as its ground truth describes', async () => {
  const folder = await testFolder();
  const [input] = await drawExample(folder);
  expect(input).toEqual({ name: 'example.mp4', uri: join(folder, 'example.mp4') });

  const decoder = await startFfmpeg({
    input: { source: { path: input!.uri } },
    output: { target: 'stdout', options: ['-vf', 'scale=16:8', '-f', 'rawvideo', '-pix_fmt', 'gray'] },
  });
  const pixels = await buffer(decoder.stdout);
  expect((await decoder.ended).exitCode).toBe(0);
  expect(pixels.length / (16 * 8)).toBe(FILM.frames);

  const truth = JSON.parse(await readFile(join(folder, 'example.coco.json'), 'utf8'));
  expect(truth.images).toHaveLength(FILM.frames);
  expect(truth.images.at(-1)).toMatchObject({
    id: 300,
    frame: 299,
    file_name: 'frame_000299.jpg',
    width: 1280,
    height: 720,
  });
  expect(truth.images.filter((image: { blurred: boolean }) => image.blurred)).toHaveLength(12);
}, 180_000);

/** How much neighbouring pixels of the green channel differ: less where a picture is blurred. */
function detail({ rgb }: FilmFrame): number {
  let sum = 0;
  for (let byte = 4; byte < rgb.length; byte += 3) sum += Math.abs(rgb[byte]! - rgb[byte - 3]!);
  return sum;
}
