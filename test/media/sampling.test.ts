import { describe, expect, it } from 'vitest';
import { InputError } from '#core/errors';
import { aClip, extract } from '../helpers/media-clips.ts';

// 20 frames at 10 a second, and three variable ones: frame n at n / 10 s, and 0.3 s later for every five before it.
const STEADY = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=2'];
const VARIABLE = [...STEADY, '-vf', "setpts='N+3*floor(N/5)'", '-fps_mode', 'passthrough'];

describe('sampling', () => {
  it.each([
    { name: 'every frame', sampling: { every: 1 }, indexes: Array.from({ length: 20 }, (_, n) => n) },
    { name: 'every 7th frame', sampling: { every: 7 }, indexes: [0, 7, 14] },
    { name: 'every 1000th frame is the first', sampling: { every: 1000 }, indexes: [0] },
    { name: '5 a second of 10', sampling: { fps: 5 }, indexes: [0, 2, 4, 6, 8, 10, 12, 14, 16, 18] },
    {
      name: '4 a second of 10: the first at or after each quarter',
      sampling: { fps: 4 },
      indexes: [0, 3, 5, 8, 10, 13, 15, 18],
    },
    { name: 'one in 0.75 s', sampling: { fps: 1 / 0.75 }, indexes: [0, 8, 15] },
    { name: 'more than there are gives all', sampling: { fps: 100 }, indexes: Array.from({ length: 20 }, (_, n) => n) },
    { name: 'the frames on screen at times', sampling: { times: [0.55, 0.1, 1.999] }, indexes: [1, 5, 19] },
    { name: 'times of one frame collapse', sampling: { times: [0.51, 0.55, 0.5, 0] }, indexes: [0, 5] },
  ])('takes $name', async ({ sampling, indexes }) => {
    const { records, sampled, files } = await extract(await aClip('steady.mp4', ...STEADY), { sampling });
    expect(records.map(({ index }) => index)).toEqual(indexes);
    expect(records.map(({ seconds }) => Number(seconds.toFixed(6)))).toEqual(indexes.map((index) => index / 10));
    expect({ sampled, files: files.length }).toEqual({ sampled: indexes.length, files: indexes.length });
  });

  it.each([
    {
      name: 'a rate takes the first frame at or after each grid time',
      sampling: { fps: 2 },
      seconds: [0, 0.8, 1, 1.6, 2, 2.5],
    },
    {
      name: 'a time between two frames takes the earlier',
      sampling: { times: [0.79, 1.55, 2.1] },
      seconds: [0.4, 1.2, 2],
    },
  ])('on variable frame rate, $name', async ({ sampling, seconds }) => {
    const { records } = await extract(await aClip('variable.mkv', ...VARIABLE), { sampling });
    expect(records.map((record) => Number(record.seconds.toFixed(3)))).toEqual(seconds);
  });

  it('counts all decoded frames, sampled or not', async () => {
    const { decoded, sampled } = await extract(await aClip('steady.mp4', ...STEADY), { sampling: { every: 10 } });
    expect({ decoded, sampled }).toEqual({ decoded: 20, sampled: 2 });
  });

  it('refuses times after the end, and names them', async () => {
    const extracting = extract(await aClip('short.mp4', ...STEADY), { sampling: { times: [1, 2.5, 90] } });
    await expect(extracting).rejects.toThrow('short.mp4 lasts 2 s, so nothing is shown at 2.5, 90 s.');
    await expect(extracting).rejects.toBeInstanceOf(InputError);
  });

  it.each([
    { sampling: { every: 0 }, message: 'whole n from 1 on, found 0' },
    { sampling: { every: 1.5 }, message: 'found 1.5' },
    { sampling: { fps: 0 }, message: 'above 0, found 0' },
    { sampling: { fps: Number.NaN }, message: 'found NaN' },
    { sampling: { times: [] }, message: 'found none' },
    { sampling: { times: [-1] }, message: 'found -1' },
  ])('refuses $sampling', async ({ sampling, message }) => {
    const extracting = extract(await aClip('short.mp4', ...STEADY), { sampling });
    await expect(extracting).rejects.toThrow(message);
    await expect(extracting).rejects.toBeInstanceOf(InputError);
  });
});
