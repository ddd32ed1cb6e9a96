import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { locateColmap } from '#photogrammetry/locate-colmap';
import { testFolder } from '../helpers/folder.ts';

/** A program that calls itself COLMAP and does nothing else. */
async function aColmap(banner: string): Promise<string> {
  const path = join(await testFolder(), 'colmap');
  await writeFile(path, `#!/bin/sh\necho "${banner}"\n`);
  await chmod(path, 0o755);
  return path;
}

it('is missing: the error says how to install it on Debian, Ubuntu and macOS', async () => {
  const error = await locateColmap({ PATH: '/nowhere' }).catch((thrown) => thrown);
  expect(error.name).toBe('ToolError');
  expect(error.message).toMatch(/No COLMAP was found.*apt install colmap.*brew install colmap.*STEPREEL_COLMAP/);
});

it('is named by STEPREEL_COLMAP and is something else', async () => {
  const other = await aColmap('hello');
  await expect(locateColmap({ STEPREEL_COLMAP: other, PATH: '/bin' })).rejects.toThrow(/does not run as COLMAP/);
});

it('is too old', async () => {
  const old = await aColmap('COLMAP 3.6 -- Structure-from-Motion');
  await expect(locateColmap({ STEPREEL_COLMAP: old, PATH: '/bin' })).rejects.toThrow(/3\.6 is too old: 3\.7 or newer/);
});

it.each([
  { banner: 'COLMAP 3.8 -- (Commit Unknown on Unknown without CUDA)', version: '3.8', cuda: false },
  { banner: 'COLMAP 3.12.1 -- (Commit abc on 2025-01-01 with CUDA)', version: '3.12.1', cuda: true },
  { banner: 'COLMAP 4.0 -- (Commit abc on 2026-01-01 with CUDA)', version: '4.0', cuda: true },
])('$banner', async ({ banner, version, cuda }) => {
  const path = await aColmap(banner);
  expect(await locateColmap({ STEPREEL_COLMAP: path, PATH: '/bin' })).toEqual({ path, version, cuda });
});
