/**
 * Builds the task images on the bases of images.lock.json, and with --registry pushes them.
 *   npm run images -- [IMAGE…] [--builder docker|buildah] [--registry ACCOUNT.dkr.ecr.REGION.amazonaws.com] [--stage dev]
 */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { exitCodeOf, InputError, toErrorDocument } from '#core/errors';
import { type ImagesLock, pinnedBase, readLock, repositoryOf } from './images/lock.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    builder: { type: 'string', default: 'docker' },
    lock: { type: 'string', default: 'images.lock.json' },
    registry: { type: 'string' },
    stage: { type: 'string', default: 'dev' },
  },
});

try {
  const lock = await readLock(values.lock);
  const images = chosen(lock);
  const base = pinnedBase(lock, 'node');
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  const revision = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim();
  const tag = `${version}-${revision}`;
  for (const image of images) {
    const name = `${repositoryOf(lock, image, { registry: values.registry ?? 'localhost', stage: values.stage })}:${tag}`;
    build(image, name, { NODE_IMAGE: base, VERSION: version, REVISION: revision });
    if (values.registry !== undefined) execFileSync(values.builder, ['push', name], { stdio: 'inherit' });
  }
  console.log(`tag ${tag}`);
} catch (thrown) {
  const { name, message } = toErrorDocument(thrown);
  console.error(`${name}: ${message}`);
  process.exit(exitCodeOf({ name }));
}

function chosen(lock: ImagesLock): string[] {
  const known = Object.keys(lock.images);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length === 0) return positionals.length > 0 ? positionals : known;
  throw new InputError(`There is no image ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
}

function build(target: string, name: string, buildArguments: Record<string, string>): void {
  const given = Object.entries(buildArguments).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
  const where = ['--file', 'containers/Dockerfile', '--target', target, '--platform', 'linux/amd64', '--tag', name];
  execFileSync(values.builder, ['build', ...where, ...given, '.'], { stdio: 'inherit' });
}
