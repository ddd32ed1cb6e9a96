import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLock } from '../../scripts/images/lock.ts';
import { buildContext, copyOf, type Instruction, lineage, parseDockerfile } from '../helpers/dockerfile.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const dockerfile = parseDockerfile(read('containers/Dockerfile'));
const lock = await readLock(join(root, 'images.lock.json'));
const context = buildContext(root);
const images = Object.keys(lock.images);
const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

const instructions = dockerfile.stages.flatMap((stage) => stage.instructions);
const of = (name: string, among: Instruction[] = instructions) => among.filter((each) => each.name === name);
const ofImage = (image: string) => lineage(dockerfile, image).flatMap((stage) => stage.instructions);

describe('the bases', () => {
  it('are the one of images.lock.json, given as a build argument without default, or earlier stages', () => {
    expect(dockerfile.before).toEqual([{ name: 'ARG', text: 'NODE_IMAGE' }]);
    expect(Object.keys(lock.bases)).toEqual(['node']);
    const outside = dockerfile.stages
      .filter(({ from }, index) => !dockerfile.stages.slice(0, index).some(({ name }) => name === from))
      .map(({ from }) => from);
    expect(new Set(outside)).toEqual(new Set(['$' + '{NODE_IMAGE}']));
  });

  it('are the Node that the tests run on', () => {
    expect(lock.bases.node!.image).toBe(`node:${devDependencies!.node}-bookworm-slim`);
  });

  it('are named by version, never by latest', () => {
    expect(read('containers/Dockerfile') + read('images.lock.json')).not.toMatch(/\blatest\b/);
  });
});

describe('every task image', () => {
  it('is a stage of the Dockerfile', () => {
    expect(images.filter((image) => lineage(dockerfile, image).length === 0)).toEqual([]);
  });

  it.each(images)('%s runs the task program as a numbered user that is not root', (image) => {
    const all = ofImage(image);
    expect(of('USER', all).at(-1)!.text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(all.at(-1)!.name).toBe('USER');
    const entrypoints = of('ENTRYPOINT', all).map(({ text }) => JSON.parse(text) as string[]);
    expect(entrypoints).toEqual([['node', 'containers/main.ts']]);
    expect(of('CMD', all)).toEqual([]);
    expect(of('HEALTHCHECK', all)).toEqual([{ name: 'HEALTHCHECK', text: 'NONE' }]);
  });

  it.each(images)('%s writes into one folder alone, which a volume can be mounted over', (image) => {
    const all = ofImage(image);
    const settings = of('ENV', all).flatMap(({ text }) => text.split(' '));
    const [volume] = JSON.parse(of('VOLUME', all)[0]!.text) as string[];
    for (const name of ['STEPREEL_SCRATCH', 'TMPDIR', 'HOME']) expect(settings).toContain(`${name}=${volume}`);
    const owner = of('USER', all).at(-1)!.text.split(':');
    expect(of('RUN', all).map(({ text }) => text)).toContain(`install -d -o ${owner[0]} -g ${owner[1]} ${volume}`);
  });

  it.each(images)('%s says what it is', (image) => {
    const labels = of('LABEL', ofImage(image))
      .map(({ text }) => text)
      .join(' ');
    for (const label of ['title', 'description', 'licenses', 'version', 'revision']) {
      expect(labels).toContain(`org.opencontainers.image.${label}=`);
    }
  });
});

describe('nothing gets in that is not pinned or not meant to', () => {
  it('no file is added from the network but by package managers', () => {
    expect(of('ADD')).toEqual([]);
    expect(of('RUN').filter(({ text }) => /curl|wget|https?:/.test(text))).toEqual([]);
  });

  it('npm installs what the lock file says, and runs no install scripts', () => {
    const npm = of('RUN').filter(({ text }) => text.includes('npm '));
    expect(npm).toHaveLength(1);
    expect(npm[0]!.text).toMatch(/^npm ci --omit=dev --ignore-scripts /);
  });

  it('no secret is an argument or a setting', () => {
    const named = [...of('ARG'), ...of('ENV')].map(({ text }) => text).join(' ');
    expect(named).not.toMatch(/secret|token|password|credential|key/i);
  });

  it('every file that is copied is in the build context', () => {
    const copied = of('COPY')
      .map(copyOf)
      .filter(({ stage }) => stage === undefined);
    const missing = copied
      .flatMap(({ sources }) => sources)
      .filter((source) => !context.some((path) => path === source || path.startsWith(`${source}/`)));
    expect(copied.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it('every stage that is copied from stands before', () => {
    dockerfile.stages.forEach(({ instructions: own }, index) => {
      const before = dockerfile.stages.slice(0, index).map(({ name }) => name);
      for (const { stage } of of('COPY', own).map(copyOf)) if (stage !== undefined) expect(before).toContain(stage);
    });
  });

  it('the build context holds sources, models and the lists of packages, nothing else', () => {
    const other = context.filter(
      (path) => !/^(src|workloads)\/.+\.(ts|wasm|json)$|^models\/[^/]+\/\d[^/]*\/[^/]+$/.test(path),
    );
    expect(other).toEqual([
      '.npmrc',
      'containers/inference-gpu/requirements.txt',
      'containers/main.ts',
      'package-lock.json',
      'package.json',
    ]);
  });
});

describe('the CUDA provider (pitfall 44)', () => {
  const requirements = read('containers/inference-gpu/requirements.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  it('is fetched by version and digest, like everything it loads', () => {
    expect(requirements.filter((line) => !/^[a-z0-9-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/.test(line))).toEqual([]);
    expect(of('RUN').filter(({ text }) => /pip install .*--require-hashes/.test(text))).toHaveLength(1);
  });

  it('is of the version of the ONNX Runtime that the program was written for', () => {
    expect(requirements[0]).toMatch(`onnxruntime-gpu==${dependencies!['onnxruntime-node']} `);
  });
});
