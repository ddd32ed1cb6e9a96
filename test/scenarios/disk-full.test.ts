import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

const mounted: string[] = [];
afterAll(() => {
  for (const disk of mounted) execFileSync('umount', [disk]);
});

// A disk of this size holds the clip's job record and first pictures, and not all of them.
const DISK_KIB = 2048;

it('a full disk ends the job with one message, exit code 71 and nothing half-made', async ({ skip }) => {
  const folder = await testFolder();
  const disk = join(folder, 'disk');
  await mkdir(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KIB}k`, 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    skip('no right to mount a small disk');
  }
  mounted.push(disk);
  const clip = await drawClip(folder, { size: '640x360', seconds: 8, rate: 25 });
  const args = ['--input', clip, '--output', join(disk, 'out'), '--param', `model=${await tinyDetector(folder)}`];
  const ended = await stepreel(['run', 'dataset', ...args]);
  expect(ended).toMatchObject({ code: 71, stdout: '', stderr: expect.stringMatching(/ResourceError.*(disk|free)/is) });
  expect(await readdir(disk)).toEqual([]);
});
