import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RgbRequest, writeRgbFrames } from '#media/rgb-frames';
import { aClip, aClipOf, aFolder, cutTo, probe } from '../helpers/media-clips.ts';

const source = (size: string, rate: number, seconds: number) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`,
];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

async function write(path: string, change: Partial<RgbRequest> = {}) {
  const folder = await aFolder();
  const request = { path, name: 'clip', media: await probe(path), every: 1, maxSeconds: 10, maxHeight: 720, folder };
  const frames = await writeRgbFrames({ ...request, file: 'frames.rgb', ...change });
  return { ...frames, file: join(folder, 'frames.rgb') };
}

describe('frames as raw RGB', () => {
  it('are every n-th of the source, with their numbers and rising times', async () => {
    const { frames, width, height, file } = await write(await aClip('clip.mp4', ...source('64x48', 30, 5), ...H264), {
      every: 6,
    });
    expect(frames).toHaveLength(25);
    expect(frames.map(({ index }) => index)).toEqual(Array.from({ length: 25 }, (_, at) => at * 6));
    expect(frames.map(({ seconds }) => seconds)).toEqual(frames.map(({ index }) => expect.closeTo(index / 30, 4)));
    expect((await stat(file)).size).toBe(25 * width * height * 3);
  });

  it('have red first', async () => {
    const path = await aClip('red.mp4', '-f', 'lavfi', '-i', 'color=red:size=32x32:rate=5:duration=1', ...H264);
    const { file } = await write(path);
    const [red, green, blue] = await readFile(file);
    expect(red).toBeGreaterThan(230);
    expect(Math.max(green!, blue!)).toBeLessThan(30);
  });

  it('end with the seconds that are asked for, which is no breaking off', async () => {
    const { frames, stoppedAt } = await write(await aClip('long.mp4', ...source('64x48', 10, 6), ...H264), {
      maxSeconds: 2,
    });
    expect(frames).toHaveLength(20);
    expect(stoppedAt).toBeUndefined();
  });

  it.each([
    { name: 'higher ones are scaled down, keeping their shape', size: '64x96', maxHeight: 48, is: [32, 48] },
    { name: 'lower ones stay as they are', size: '64x30', maxHeight: 48, is: [64, 30] },
    { name: 'tiny ones too', size: '6x4', maxHeight: 48, is: [6, 4] },
  ])('$name', async ({ size, maxHeight, is }) => {
    const { width, height } = await write(await aClip('clip.mkv', ...source(size, 5, 1), '-c:v', 'ffv1'), {
      maxHeight,
    });
    expect([width, height]).toEqual(is);
  });

  it('of a clip that breaks off are those before, and where it broke off is told', async () => {
    const whole = await aClip('clip.mp4', ...source('320x240', 10, 4), ...H264, '-movflags', '+faststart');
    const { frames, stoppedAt } = await write(await cutTo(whole, 0.6));
    expect(frames.length).toBeGreaterThan(5);
    expect(frames.length).toBeLessThan(40);
    expect(stoppedAt?.frame).toBe(frames.length);
  });

  it('are the same bytes every time', async () => {
    const grey = (value: number) => ({ width: 16, height: 16, grey: new Uint8Array(256).fill(value) });
    const clip = await aClipOf([grey(10), grey(200), grey(90)]);
    const [first, second] = [await write(clip), await write(clip)];
    expect(await readFile(first.file)).toEqual(await readFile(second.file));
  });

  it('end with the reason of an abort', async () => {
    const path = await aClip('clip.mp4', ...source('64x48', 5, 1), ...H264);
    await expect(write(path, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
