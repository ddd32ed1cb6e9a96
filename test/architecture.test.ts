import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which rooms each room may import from. Imports point inward; doors stand at the top. */
const ROOMS: Record<string, string[]> = {
  // Types of the API alone: anything else would be sent to every browser.
  web: ['runtime'],
  core: [],
  media: ['core'],
  annotation: ['core'],
  photogrammetry: ['core', 'media'],
  inference: ['core', 'media', 'annotation'],
  asl: ['core'],
  jobs: ['core'],
  adapters: ['core', 'asl', 'inference'],
  runtime: ['core', 'asl', 'jobs', 'adapters'],
  workloads: ['core', 'media', 'inference', 'annotation', 'photogrammetry'],
  lambdas: ['runtime', 'workloads'],
  containers: ['runtime', 'workloads'],
  lib: ['core', 'asl', 'workloads', 'web'],
  cli: [
    'core',
    'media',
    'annotation',
    'inference',
    'photogrammetry',
    'asl',
    'jobs',
    'adapters',
    'runtime',
    'workloads',
    'web',
  ],
};

/** The one place that each third-party library comes in by. zod is a language here, and may be anywhere. */
const DOORS: Record<string, RegExp> = {
  'tesseract.js': /^src\/inference\/text\/tesseract-js\.ts$/,
  'onnxruntime-node': /^src\/inference\/session\.ts$/,
  'fluent-ffmpeg': /^src\/media\/ffmpeg\.ts$/,
  '@julusian/jpeg-turbo': /^src\/media\/jpeg\.ts$/,
  sharp: /^src\/media\/images\.ts$/,
  'mediainfo.js': /^src\/media\/probe\.ts$/,
  'aws-local-stepfunctions': /^src\/asl\/interpret\.ts$/,
  '@aws-lambda-powertools/logger': /^src\/runtime\/lambda-log\.ts$/,
  '@aws-lambda-powertools/metrics': /^src\/runtime\/step-metrics\.ts$/,
  '@aws-lambda-powertools/idempotency': /^src\/runtime\/once\.ts$/,
  'aws-jwt-verify': /^src\/runtime\/tokens\.ts$/,
  hono: /^src\/runtime\/jobs-api\//,
  '@hono/node-server': /^src\/runtime\/jobs-api\/serve\.ts$/,
  '@aws-sdk/': /^src\/adapters\/aws\//,
  'node:sqlite': /^src\/(adapters\/local\/(job-store|leases|folder-lock|records)|photogrammetry\/database)\.ts$/,
  'aws-cdk-lib': /^lib\//,
  constructs: /^lib\//,
  esbuild: /^(lib\/constructs\/function-bundle|web\/build)\.ts$/,
  lit: /^web\//,
  commander: /^cli\//,
  'log-update': /^cli\//,
  'eventsource-parser': /^cli\/job-stream\.ts$/,
  'ipaddr.js': /^src\/runtime\/webhooks\/receivers\.ts$/,
  '@gltf-transform/core': /^src\/photogrammetry\/glb\.ts$/,
  'csv-parse': /^(src\/jobs\/batch-manifest|workloads\/letter-asr\/activities\/read-rows)\.ts$/,
  hyparquet: /^workloads\/letter-asr\/activities\/parquet-rows\.ts$/,
  zod: /./,
};

const MAX_LINES = 300;

const root = join(import.meta.dirname, '..');
const sources = globSync(['{src,workloads,lambdas,containers,lib,cli,web}/**/*.ts'], { cwd: root })
  .filter((path) => !path.endsWith('.as.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const everything = globSync(['{src,workloads,lambdas,containers,cli,bench,scripts,test,lib,web}/**/*.ts'], {
  cwd: root,
});

/** The module names that a file imports, statically or on demand. */
function importsOf(text: string): string[] {
  const found = text.matchAll(/(?:\bfrom|(?<!-)\bimport)\s*\(?\s*'([^'\s]+)'/g);
  return Array.from(found, ([, name]) => name!);
}

function roomOf(path: string): string {
  const [first, second] = path.split('/');
  return first === 'src' ? second! : first!;
}

const imports = sources.flatMap(({ path, text }) => importsOf(text).map((name) => ({ path, name })));

it('there is something to look at', () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(new Set(sources.map(({ path }) => roomOf(path)))).toEqual(new Set(Object.keys(ROOMS)));
});

it('imports between rooms point inward', () => {
  const wrong = imports.filter(({ path, name }) => {
    if (!name.startsWith('#')) return false;
    const to = name.slice(1, name.indexOf('/'));
    const from = roomOf(path);
    return to !== from && !ROOMS[from]!.includes(to);
  });
  expect(wrong).toEqual([]);
});

it('relative imports stay in their room, with their ending', () => {
  const wrong = imports.filter(({ path, name }) => {
    if (!name.startsWith('.')) return false;
    const target = normalize(join(dirname(path), name));
    return roomOf(target) !== roomOf(path) || !/\.(ts|json|wasm)$/.test(target);
  });
  expect(wrong).toEqual([]);
});

it('a workload imports no sibling', () => {
  const wrong = imports.filter(({ path, name }) => {
    const slug = path.match(/^workloads\/([^/]+)\//)?.[1];
    if (!slug) return false;
    if (name.startsWith('#workloads/')) return true;
    return name.startsWith('.') && !normalize(join(dirname(path), name)).startsWith(`workloads/${slug}/`);
  });
  expect(wrong).toEqual([]);
});

it('each library comes in by its one door', () => {
  const wrong = imports.filter(({ path, name }) => {
    if (/^[.#]/.test(name) || (name.startsWith('node:') && name !== 'node:sqlite')) return false;
    const door = Object.entries(DOORS).find(
      ([library]) => name === library || name.startsWith(`${library.replace(/\/$/, '')}/`),
    );
    return !door?.[1].test(path);
  });
  expect(wrong).toEqual([]);
});

describe('a door', () => {
  const doors = sources.filter(({ path }) => /^(lambdas|containers)\//.test(path));

  it.each(doors)('$path has at most three lines', ({ text }) => {
    expect(text.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(3);
  });

  it('of a Lambda step is named like the step, in the folder of its workload', () => {
    const steps = doors.filter(({ path }) => /^lambdas\/.+\//.test(path));
    expect(steps).not.toEqual([]);
    for (const { path, text } of steps) {
      const [, workload, file] = path.match(/^lambdas\/(.+)\/(.+)\.ts$/)!;
      expect(importsOf(text)).toEqual(['#runtime/lambda', `#workloads/${workload}/steps/${file}`]);
    }
  });

  it('of the platform is named like the runtime behind it, and knows at most the list of workloads', () => {
    const platform = doors.filter(({ path }) => /^lambdas\/[^/]+$/.test(path));
    expect(platform).not.toEqual([]);
    for (const { path, text } of platform) {
      const name = path.match(/^lambdas\/(.+)\.ts$/)![1]!;
      const [runtime, ...others] = importsOf(text);
      expect([`#runtime/${name}`, `#runtime/${name}/lambda`]).toContain(runtime);
      expect(others.filter((other) => other !== '#workloads/index')).toEqual([]);
    }
  });
});

it('core does no more than read a file it is given: it knows no network, process or database', () => {
  const outside = ['node:child_process', 'node:http', 'node:https', 'node:net', 'node:sqlite', 'node:worker_threads'];
  expect(imports.filter(({ path, name }) => roomOf(path) === 'core' && outside.includes(name))).toEqual([]);
});

it(`no file is longer than ${MAX_LINES} lines`, () => {
  const long = everything
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES);
  expect(long).toEqual([]);
});

it('files are named for what they hold, in kebab case', () => {
  const names = everything.map((path) => path.split('/').at(-1)!);
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.ts$/.test(name))).toEqual([]);
  expect(sources.filter(({ path }) => /(^|[/-])(utils?|common|helpers?|managers?|misc)[./-]/.test(path))).toEqual([]);
});
