import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kebabCase } from '#core/names';
import { builtIn } from '#workloads/index';
import { readLock } from '../../scripts/images/lock.ts';
import { buildContext, copyOf, lineage, parseDockerfile } from '../helpers/dockerfile.ts';

// What the program of an image imports, read from the sources and held against what the image holds.

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { imports: aliases } = JSON.parse(read('package.json')) as { imports: Record<string, string> };
const dockerfile = parseDockerfile(read('containers/Dockerfile'));
const { images } = await readLock(join(root, 'images.lock.json'));
const context = buildContext(root);

/** The container steps that run on an image; the GPU image runs those of its CPU twin that can use a GPU. */
async function stepsOn(image: string): Promise<string[]> {
  const files = Object.entries(builtIn).map(async ([slug, load]) => {
    const { steps } = await load();
    const here = Object.entries(steps).filter(([, step]) => {
      if (step.runs !== 'container') return false;
      return image === `${step.image}-gpu` ? step.devices.includes('gpu') : image === step.image;
    });
    return here.map(([name]) => `workloads/${slug}/steps/${kebabCase(name)}.ts`);
  });
  return (await Promise.all(files)).flat();
}

// The store opens a model when somebody adds it, which no task does; a folder that is named is not imported.
const NOT_IN_TASKS = /^#inference\/check-model$|\/models$/;

// A worker's file ends like the file that starts it, so its ending is put together there.
const IMPORTED = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'|new URL\([`']([^`'$]+)/g;

/** The files and packages that running these files needs. Of the workloads, only the steps that are named are loaded. */
function needsOf(entries: string[]): { files: Set<string>; packages: Set<string> } {
  const [files, packages] = [new Set<string>(), new Set<string>()];
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    if (!path.endsWith('.ts')) return;
    const text = read(path);
    const loadsSteps = /^workloads\/[^/]+\/workload\.ts$/.test(path);
    const pattern = loadsSteps ? /\bfrom\s*'([^']+)'/g : IMPORTED;
    // A type is gone when the program runs.
    const running = text.replaceAll(/^(import|export) type [\s\S]*?;$/gm, '');
    for (const [, imported, beside] of running.matchAll(pattern)) {
      const name = imported ?? beside!;
      const alias = Object.keys(aliases).find((each) => name.startsWith(each.replace('*', '')));
      if (name.startsWith('node:') || NOT_IN_TASKS.test(name)) continue;
      if (alias) visit(normalize(aliases[alias]!.replace('*', name.slice(alias.length - 1))));
      else if (name.startsWith('.') || imported === undefined) {
        const file = normalize(join(path, '..', name));
        visit(extname(file) === '' ? `${file}.ts` : file);
      } else
        packages.add(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        );
    }
  };
  entries.forEach(visit);
  return { files, packages };
}

/** One package of each image that looking at the sources must find, or it has looked at nothing. */
const KNOWN_PACKAGE: Record<string, string> = {
  media: 'fluent-ffmpeg',
  inference: 'onnxruntime-node',
  'inference-gpu': 'onnxruntime-node',
  photogrammetry: '@gltf-transform/core',
  'photogrammetry-gpu': 'zod',
};

describe.each(Object.keys(images))('the image %s', (image) => {
  const stages = lineage(dockerfile, image);
  const copies = stages.flatMap(({ instructions }) => instructions.filter(({ name }) => name === 'COPY').map(copyOf));
  const copied = copies.filter(({ stage }) => stage === undefined).flatMap(({ sources }) => sources);

  it('has steps to run', async () => {
    expect(await stepsOn(image)).not.toEqual([]);
  });

  it('holds every file that its steps import', async () => {
    const { files } = needsOf(['containers/main.ts', ...(await stepsOn(image))]);
    const absent = [...files].filter(
      (file) => !context.includes(file) || !copied.some((source) => file === source || file.startsWith(`${source}/`)),
    );
    expect(files.size).toBeGreaterThan(30);
    expect(absent).toEqual([]);
  });

  it('keeps every package that its steps import', async () => {
    const { packages } = needsOf(['containers/main.ts', ...(await stepsOn(image))]);
    const from = copies.find(({ sources }) => sources[0] === '/app/node_modules')!.stage!;
    const removed = lineage(dockerfile, from)
      .flatMap(({ instructions }) => instructions.filter(({ name }) => name === 'RUN'))
      .flatMap(({ text }) =>
        Array.from(text.matchAll(/node_modules\/(@?[\w-]+(?:\/[\w-]+)?)(?=\s|$)/g), ([, name]) => name!),
      );
    expect(removed).not.toEqual([]);
    expect([...packages]).toContain(KNOWN_PACKAGE[image]);
    expect(removed.filter((name) => packages.has(name))).toEqual([]);
  });
});

it('the inference images bring the models that ship, the media image brings none', () => {
  const brings = (image: string) =>
    lineage(dockerfile, image).some(({ instructions }) => instructions.some(({ text }) => text === 'models models'));
  expect(Object.keys(images).filter(brings).sort()).toEqual(['inference', 'inference-gpu']);
});
