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

// Nothing repeats and much is in each picture: about 10 MiB of JPEGs.
const NOISE = ['-vf', 'noise=alls=80:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

it.skipIf(!mayMount()).each([
  { name: 'that is full from the start', sizeMiB: 2, says: /ResourceError.*2 MiB free/ },
  // Enough for the reserve that is asked for before a step starts, and not for the pictures.
  { name: 'that fills up while pictures are written', sizeMiB: 67, says: /ResourceError.*(disk is full|MiB free)/i },
])('a disk $name ends the job with one message, exit code 71 and nothing half-made', async ({ sizeMiB, says }) => {
  const folder = await testFolder();
  const disk = await mountDisk(folder, sizeMiB);
  const clip = await drawClip(folder, { size: '640x360', seconds: 3, rate: 25, encode: NOISE });
  const args = ['--input', clip, '--output', join(disk, 'out'), '--param', `model=${await tinyDetector(folder)}`];
  const ended = await stepreel(['run', 'dataset', ...args, '--param', 'dedup=false', '--param', 'jpegQuality=2']);
  expect(ended).toMatchObject({ code: 71, stdout: '', stderr: expect.stringMatching(says) });
  expect(ended.stderr).not.toContain('trying again');
  expect(await readdir(disk)).toEqual([]);
});

/** A small disk can be mounted by root on Linux; elsewhere these tests are skipped. */
function mayMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

async function mountDisk(folder: string, sizeMiB: number): Promise<string> {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', disk], { stdio: 'ignore' });
  mounted.push(disk);
  return disk;
}
