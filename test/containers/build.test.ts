import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

// Building takes minutes, a builder and a base, so it is asked for: STEPREEL_NODE_IMAGE names an image of Node 24 on
// Debian 12 that buildah has or can fetch. Without it these tests are skipped, and the others here read the Dockerfile.

const base = process.env.STEPREEL_NODE_IMAGE;
const MAX_GB = 3;
const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const buildah = async (...args: string[]) => (await run('buildah', args, { cwd: root, maxBuffer: 2 ** 26 })).stdout;

describe.skipIf(!base).each(['media', 'inference'])('the image %s, built with buildah', (target) => {
  const name = `localhost/stepreel-test-${target}`;

  it('builds, is small enough, and its program says what it is not told', { timeout: 900_000 }, async () => {
    const given = ['--build-arg', `NODE_IMAGE=${base}`, '--build-arg', 'VERSION=0.0.0', '--build-arg', 'REVISION=test'];
    const how = ['--isolation', 'chroot', '--layers', '--file', 'containers/Dockerfile', '--target', target];
    await buildah('build', ...how, ...given, '--tag', name, '.');

    const [{ size }] = JSON.parse(await buildah('images', '--json', name)) as [{ size: string }];
    const [, amount, unit] = /^([\d.]+) (MB|GB)$/.exec(size)!;
    expect(Number(amount) / (unit === 'MB' ? 1000 : 1)).toBeLessThan(MAX_GB);

    const container = (await buildah('from', name)).trim();
    try {
      const told = ['run', '--isolation', 'chroot', '--user', '10001:10001', container, '--'];
      await expect(buildah(...told, 'touch', '/app/x')).rejects.toThrow('Permission denied');
      await buildah(...told, 'touch', '/scratch/x');
      await expect(buildah(...told, 'node', 'containers/main.ts')).rejects.toThrow(/expected STEPREEL_/i);
    } finally {
      await buildah('rm', container);
    }
  });
});
