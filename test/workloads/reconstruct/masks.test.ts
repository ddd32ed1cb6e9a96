import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JobInput } from '#core/job';
import { jpegOfRgb, maskPng, readGrey, readImage } from '#media/images';
import { locateColmap } from '#photogrammetry/locate-colmap';
import { renderView } from '#workloads/reconstruct/example/scene';
import { maskOf, requireMasksOfMedia, sortInput } from '#workloads/reconstruct/sort-input';
import workload from '#workloads/reconstruct/workload';
import { clipOf, SMALL, smallOrbit } from '../../helpers/example-clips.ts';
import { testFolder } from '../../helpers/folder.ts';
import { runSteps } from '../../helpers/run-steps.ts';

const colmap = await locateColmap().catch(() => undefined);
const { width, height } = SMALL;
const named = (...names: string[]) => names.map((name) => ({ name, uri: name }));

describe('which mask is whose', () => {
  it.each([
    { name: 'by the name without its ending', masks: ['a.mask.png'], found: 'a.mask.png' },
    { name: 'by the whole name', masks: ['a.jpg.mask.png'], found: 'a.jpg.mask.png' },
    { name: 'one for all', masks: ['mask.png'], found: 'mask.png' },
    { name: 'its own before the one for all', masks: ['mask.png', 'a.mask.png'], found: 'a.mask.png' },
    { name: 'none', masks: ['b.mask.png'], found: undefined },
  ])('$name', ({ masks, found }) => expect(maskOf('a.jpg', named(...masks))?.name).toBe(found));

  it('a mask of nothing is a misspelt name, and refused', () => {
    expect(() => requireMasksOfMedia(sortInput(named('a.jpg', 'A.mask.png')))).toThrow(
      /A\.mask\.png is a mask of nothing/,
    );
    expect(() => requireMasksOfMedia(sortInput(named('a.jpg', 'b.jpg', 'b.mask.png', 'tree.bin')))).not.toThrow();
  });
});

/** White on the left, black on the right. */
async function leftHalf(folder: string, name: string, size: { width: number; height: number }): Promise<JobInput> {
  const rgb = Uint8Array.from({ length: 3 * size.width * size.height }, (_, at) =>
    Math.floor(at / 3) % size.width < size.width / 2 ? 255 : 0,
  );
  const uri = join(folder, name);
  const jpeg = await jpegOfRgb(rgb, size, 100);
  await writeFile(uri, await maskPng(await readImage(jpeg), size));
  return { name, uri };
}

async function pictures(folder: string): Promise<JobInput[]> {
  const input: JobInput[] = [];
  for (const [at, view] of smallOrbit().slice(0, 8).entries()) {
    const uri = join(folder, `${at}.jpg`);
    await writeFile(uri, await jpegOfRgb(renderView(view, width, height), SMALL));
    input.push({ name: `${at}.jpg`, uri });
  }
  return input;
}

interface Ended {
  status: string;
  output: { masks?: string };
  error: { name: string; message: string };
  artifacts: { name: string; key: string }[];
}

describe('masks', () => {
  it('of another shape are refused by name, and no picture is called unreadable for it', async () => {
    const folder = await testFolder();
    const input = [...(await pictures(folder)), await leftHalf(folder, '3.mask.png', { width: 100, height: 100 })];
    const { verdicts } = await runSteps(workload, ['ValidateInput', 'SelectFrames'], { folder, input });
    const { status, error } = verdicts.SelectFrames as unknown as Ended;
    expect([status, error.name]).toEqual(['rejected', 'InputError']);
    expect(error.message).toMatch(/3\.mask\.png is 100x100.*320x240/);
  });

  it('one for a video has the size of its frames', async () => {
    const folder = await testFolder();
    const mask = await leftHalf(folder, 'mask.png', { width: 160, height: 120 });
    const input = [await clipOf(smallOrbit().slice(0, 10), folder), mask];
    const params = { stepWidths: 0.01, blurThreshold: 0 };
    const { verdicts, artifacts } = await runSteps(workload, ['ValidateInput', 'SelectFrames'], {
      folder,
      input,
      params,
    });
    const { output, artifacts: files } = verdicts.SelectFrames as unknown as Ended;
    expect(output.masks).toBe('one');
    const { grey, ...size } = await readGrey(await artifacts.read(files.find(({ name }) => name === 'mask.png')!.key));
    expect(size).toEqual({ width, height });
    expect([grey[10], grey[width - 10]]).toEqual([255, 0]);
  });

  it.skipIf(!colmap)('keep features out of what is black, with COLMAP', { timeout: 120_000 }, async () => {
    const folder = await testFolder();
    const input = [...(await pictures(folder)), await leftHalf(folder, 'mask.png', { width, height })];
    const steps = ['ValidateInput', 'SelectFrames', 'ExtractFeatures'];
    const params = { blurThreshold: 0, preset: 'low' };
    const { verdicts, artifacts } = await runSteps(workload, steps, { folder, input, params });
    const { artifacts: files } = verdicts.ExtractFeatures as unknown as Ended;
    const packed = await artifacts.read(files.find(({ name }) => name === 'database.db.zst')!.key);
    const path = join(folder, 'read.db');
    await writeFile(path, zstdDecompressSync(packed));
    const places = keypointsOf(path);
    expect(places.length).toBeGreaterThan(400);
    expect(Math.max(...places)).toBeLessThanOrEqual(width / 2 + 1);
  });
});

/** The x of each feature. */
function keypointsOf(path: string): number[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT cols, data FROM keypoints').all() as { cols: number; data: Uint8Array }[];
  database.close();
  return rows.flatMap(({ cols, data }) => {
    const values = new Float32Array(data.slice().buffer);
    return Array.from({ length: values.length / cols }, (_, at) => values[at * cols]!);
  });
}
