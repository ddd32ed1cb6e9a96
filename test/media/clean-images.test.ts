import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanImages, type ImageRecord } from '#media/clean-images';
import { aClip, aFile, aFolder } from '../helpers/media-clips.ts';

const still = (name: string, source: string) => aClip(name, '-f', 'lavfi', '-i', source, '-frames:v', '1');
const SHARP = 'testsrc2=s=160x120';
const BLURRED = 'testsrc2=s=160x120,gblur=sigma=12';
const OTHER = 'mandelbrot=s=160x120';
const CLEANING = { blur: { threshold: 50 }, dedup: { maxDistance: 5 } };

async function clean(paths: string[], options: Partial<Parameters<typeof cleanImages>[0]> = {}) {
  const [folder, recordsPath] = [join(await aFolder(), 'clean'), join(await aFolder(), 'images.jsonl')];
  const summary = await cleanImages({ paths, folder, recordsPath, ...CLEANING, ...options });
  const lines = (await readFile(recordsPath, 'utf8')).split('\n').filter(Boolean);
  return {
    summary,
    files: (await readdir(folder)).sort(),
    records: lines.map((line): ImageRecord => JSON.parse(line)),
  };
}

describe('cleaning a folder of images', () => {
  it('leaves one of two equal pictures and a blurred one', async () => {
    const paths = [await still('a.jpg', SHARP), await still('b.png', SHARP), await still('c.jpg', BLURRED)];
    const { summary, files, records } = await clean(paths);
    expect(summary).toEqual({ images: 3, kept: 1, blurry: 1, duplicates: 1, unreadable: 0 });
    expect(files).toEqual(['a.jpg']);
    expect(records.map(({ file, verdict }) => [file, verdict])).toEqual([
      ['a.jpg', 'kept'],
      ['b.png', 'duplicate'],
      ['c.jpg', 'blurry'],
    ]);
    expect(records[1]).toMatchObject({ duplicateOf: 'a.jpg', hash: expect.stringMatching(/^[0-9a-f]{16}$/) });
  });

  it('copies kept files byte by byte, with cleaning off all of them', async () => {
    const paths = [await still('a.jpg', SHARP), await still('b.jpg', SHARP)];
    const folder = join(await aFolder(), 'kept');
    expect(await cleanImages({ paths, folder, blur: undefined, dedup: undefined })).toMatchObject({ kept: 2 });
    expect((await readFile(join(folder, 'b.jpg'))).equals(await readFile(paths[1]!))).toBe(true);
  });

  it('counts a file that is no picture and goes on', async () => {
    const paths = [await aFile('a.jpg', 'text'), await still('b.jpg', SHARP), await still('c.jpg', OTHER)];
    const { summary, records } = await clean(paths);
    expect(summary).toEqual({ images: 3, kept: 2, blurry: 0, duplicates: 0, unreadable: 1 });
    expect(records[0]).toEqual({
      ...{ file: 'a.jpg', verdict: 'unreadable' },
      reason: 'a.jpg is neither a JPEG nor a PNG (4 bytes). Send one of these.',
    });
  });

  it('tells how far it is, and stops when it is aborted', async () => {
    const paths = [await still('a.jpg', SHARP), await still('b.jpg', OTHER)];
    const told: [number, number][] = [];
    await clean(paths, { onProgress: (done, total) => told.push([done, total]) });
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
    await expect(clean(paths, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });

  it("passes on what is not the picture's fault", async () => {
    const recordsPath = join(await aFolder(), 'nowhere', 'images.jsonl');
    await expect(clean([await still('a.jpg', SHARP)], { recordsPath })).rejects.toThrow('ENOENT');
  });
});
