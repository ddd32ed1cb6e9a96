import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

const run = promisify(execFile);
const CHECKOUT = join(import.meta.dirname, '../..');

// CI installs the packed file from the registry; here its dependencies are the checkout's, so that no network is needed.
it('the package as npm packs it makes a dataset from its JavaScript, outside the checkout', async () => {
  const folder = await testFolder();
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, 'stepreel'), { recursive: true });
  await run('npm', ['pack', '--pack-destination', folder], { cwd: CHECKOUT });
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz'))!;
  await run('tar', ['-xzf', join(folder, packed), '-C', join(modules, 'stepreel'), '--strip-components', '1']);
  await linkModules(join(CHECKOUT, 'node_modules'), modules);

  const clip = await drawClip(folder);
  const args = ['--input', clip, '--output', join(folder, 'out'), '--param', `model=${await tinyDetector(folder)}`];
  const main = join(modules, 'stepreel/cli/stepreel.js');
  const { stdout } = await run(process.execPath, [main, 'run', 'dataset', ...args], { cwd: folder });
  expect(stdout).toBe(`${join(folder, 'out/report.html')}\n`);
  expect((await run(process.execPath, [main, 'models', 'list'])).stdout).toContain('worksite@1.0.0');
  const files = await readdir(join(modules, 'stepreel'), { recursive: true });
  expect(files.filter((name) => /(?<!\.d)\.ts$|\.test\.|^test/.test(name))).toEqual([]);
});

async function linkModules(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) {
    if (name.startsWith('.') || name === 'stepreel') continue;
    if (name.startsWith('@')) {
      await mkdir(join(to, name), { recursive: true });
      await linkModules(join(from, name), join(to, name));
    } else {
      await mkdir(dirname(join(to, name)), { recursive: true });
      await symlink(join(from, name), join(to, name));
    }
  }
}
