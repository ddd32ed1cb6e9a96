import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clipQcParams, FRAMES_FILE } from '#workloads/clip-qc/contract';
import { probeFile } from '#workloads/clip-qc/measure-file';
import { everyFor, sampleClip } from '#workloads/clip-qc/sample-clip';
import { type ClipOptions, drawClip } from '../../helpers/draw-clip.ts';
import { testFolder } from '../../helpers/folder.ts';

const LOSSLESS = ['-c:v', 'ffv1', '-pix_fmt', 'bgr0'];

async function sampled(path: string) {
  const folder = await testFolder();
  const params = clipQcParams.parse({});
  const clip = await sampleClip({ path, name: 'clip.mp4', media: await probeFile(path), params, folder });
  return { ...clip, rgb: await readFile(join(folder, FRAMES_FILE)) };
}

async function aClip(options: ClipOptions = {}) {
  return drawClip(await testFolder(), options);
}

describe('sampled frames', () => {
  it('are about 25 of a clip of 5 s, at rising times', async () => {
    const { frames, every } = await sampled(await aClip({ seconds: 5, rate: 30, size: '160x90' }));
    expect([frames.length, every]).toEqual([25, 6]);
    expect(frames.map(({ index }) => index)).toEqual(Array.from({ length: 25 }, (_, at) => at * 6));
    for (const [at, { seconds }] of frames.entries()) expect(seconds).toBeCloseTo(at / 5, 3);
  });

  it('stop at 10 s', async () => {
    const { frames } = await sampled(await aClip({ seconds: 12, rate: 5, size: '160x90' }));
    expect(frames.at(-1)!.seconds).toBeLessThan(10);
    expect(frames).toHaveLength(50);
  });

  it('are bytes in the order red, green, blue', async () => {
    // Three bands: red above, green, blue below.
    const { rgb, width, height, frames } = await sampled(
      await aClip({ name: 'bands.mkv', source: 'rgbtestsrc', size: '64x48', seconds: 0.4, encode: LOSSLESS }),
    );
    expect(rgb.length).toBe(width * height * 3 * frames.length);
    // The right end of the middle row of each band, where its colour is full.
    for (const [channel, row] of [8, 24, 40].entries()) {
      const pixel = [...rgb.subarray((row * width + width - 1) * 3).subarray(0, 3)];
      expect(pixel.indexOf(Math.max(...pixel)), `row ${row}: ${pixel}`).toBe(channel);
    }
  });

  it('of a 1080p clip are scaled to 720 rows, with its aspect', async () => {
    const { width, height } = await sampled(await aClip({ size: '1920x1080', seconds: 0.4 }));
    expect([width, height]).toEqual([1280, 720]);
  });

  it('of a lower clip keep their size, and so does an odd one', async () => {
    const { width, height } = await sampled(
      await aClip({ name: 'odd.mkv', source: 'testsrc', size: '333x187', seconds: 0.4, encode: LOSSLESS }),
    );
    expect([width, height]).toEqual([333, 187]);
  });
});

describe('what can not be sampled', () => {
  it('a missing file is named', async () => {
    await expect(probeFile('/nowhere/clip.mp4')).rejects.toMatchObject({
      name: 'InputNotFoundError',
      message: expect.stringContaining('/nowhere/clip.mp4'),
    });
  });

  it('an MP4 truncated to 512 bytes is refused', async () => {
    const path = await aClip();
    await truncate(path, 512);
    await expect(sampled(path)).rejects.toMatchObject({ name: 'MediaError' });
  });

  it('a text file called .mp4 is refused', async () => {
    const path = join(await testFolder(), 'notes.mp4');
    await writeFile(path, 'These are my notes.\n'.repeat(50));
    await expect(sampled(path)).rejects.toMatchObject({ name: 'MediaError' });
  });
});

it.each([
  { rate: 30, every: 6 },
  { rate: 29.97, every: 6 },
  { rate: 25, every: 5 },
  { rate: 24, every: 5 },
  { rate: 5, every: 1 },
  { rate: 2, every: 1 },
])('of $rate frames a second every $every. is taken', ({ rate, every }) => expect(everyFor(rate, 5)).toBe(every));
