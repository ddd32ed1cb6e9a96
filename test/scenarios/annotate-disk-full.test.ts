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

// Without loss this noise is some 30 MiB a second.
const NOISE = ['-vf', 'noise=alls=80:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'a disk that fills up while the video is written ends the job with one message, exit code 71 and nothing half-made',
  async () => {
    const folder = await testFolder();
    const disk = join(folder, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=68m', 'tmpfs', disk], { stdio: 'ignore' });
    mounted.push(disk);
    const clip = await drawClip(folder, { size: '640x360', seconds: 6, rate: 25, encode: NOISE });
    const params = [`model=${await tinyDetector(folder)}`, 'crf=0', 'preset=ultrafast', 'every=50'];
    const args = ['--input', clip, '--output', join(disk, 'out'), ...params.flatMap((param) => ['--param', param])];
    const ended = await stepreel(['run', 'annotate', ...args]);
    expect(ended).toMatchObject({
      code: 71,
      stdout: '',
      stderr: expect.stringMatching(/ResourceError.*(disk is full|MiB free)/i),
    });
    expect(ended.stderr).not.toContain('trying again');
    expect(await readdir(disk)).toEqual([]);
  },
);
