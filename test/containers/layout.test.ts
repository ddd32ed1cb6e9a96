import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStateFolder } from '#runtime/environment';
import { jsonLogger } from '#runtime/json-log';
import { runStep } from '#runtime/step-run';
import { datasetParams } from '#workloads/dataset/contract';
import validateInput from '#workloads/dataset/steps/validate-input';
import { aJob } from '../conformance/job-store.ts';
import { buildContext, copyOf, lineage, parseDockerfile } from '../helpers/dockerfile.ts';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { noModels } from '../helpers/toy/platform.ts';

// What the media image holds, laid out in a folder: no more than its COPYs copy. Building it needs a builder and a base.

const root = join(import.meta.dirname, '../..');
const IMAGE = 'media';
let app: string;

beforeAll(async () => {
  app = await testFolder();
  const dockerfile = parseDockerfile(await readFile(join(root, 'containers/Dockerfile'), 'utf8'));
  const context = buildContext(root);
  const instructions = lineage(dockerfile, IMAGE).flatMap((stage) => stage.instructions);
  for (const copy of instructions.filter(({ name }) => name === 'COPY').map(copyOf)) {
    if (copy.stage === undefined) await copyFromContext(copy, context);
    else
      await linkPackages(
        lineage(dockerfile, copy.stage).flatMap((stage) => stage.instructions.map(({ text }) => text)),
      );
  }
});

async function copyFromContext({ sources, target }: { sources: string[]; target: string }, context: string[]) {
  for (const source of sources) {
    for (const path of context.filter((each) => each === source || each.startsWith(`${source}/`))) {
      const to = join(
        app,
        path === source ? join(target, path.split('/').at(-1)!) : join(target, path.slice(source.length)),
      );
      await mkdir(dirname(to), { recursive: true });
      await cp(join(root, path), to);
    }
  }
}

/** The checkout's packages, less what the image's stages remove. */
async function linkPackages(commands: string[]): Promise<void> {
  const modules = join(app, 'node_modules');
  await mkdir(modules);
  const removed = commands.join(' ').matchAll(/node_modules\/([@\w-]+)(?=\s|$)/g);
  const gone = new Set(Array.from(removed, ([, name]) => name));
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (!name.startsWith('.') && !gone.has(name)) await symlink(join(root, 'node_modules', name), join(modules, name));
  }
}

async function runTask(environment: Record<string, string>) {
  const task = spawn(process.execPath, ['containers/main.ts'], {
    cwd: app,
    env: { PATH: process.env.PATH, STEPREEL_FFMPEG: process.env.STEPREEL_FFMPEG, ...environment },
  });
  let log = '';
  task.stderr.on('data', (data) => {
    log += data;
  });
  const [code] = await once(task, 'close');
  return { code, last: JSON.parse(log.trim().split('\n').at(-1)!) as Record<string, unknown> };
}

describe('the program as the media image holds it', () => {
  it('ends with an error that says what is missing when it is told nothing', async () => {
    const { code, last } = await runTask({});
    expect(code).not.toBe(0);
    expect(last.message).toMatch(/expected STEPREEL_/i);
  });

  it('runs a step to its verdict', async () => {
    const folder = await testFolder();
    const stores = await openStateFolder(join(folder, 'state'));
    const job = aJob({
      id: 'dataset-1',
      workload: 'dataset',
      status: 'STARTING',
      execution: 'e-1',
      params: { ...datasetParams.parse({}) },
      input: [{ name: 'clip.mp4', uri: await drawClip(folder, { seconds: 1 }) }],
    });
    await stores.jobs.create(job);
    const scratchFolder = join(folder, 'scratch');
    const hooks = { signal: new AbortController().signal, logger: jsonLogger({}, () => {}) };
    const request = { jobId: job.id, execution: 'e-1' };
    await runStep(validateInput, request, { ...stores, models: noModels, scratchFolder }, hooks);

    const { code, last } = await runTask({
      STEPREEL_STATE: join(folder, 'state'),
      STEPREEL_SCRATCH: scratchFolder,
      STEPREEL_JOB_ID: job.id,
      STEPREEL_STEP: 'ExtractFrames',
      STEPREEL_EXECUTION: 'e-1',
    });
    expect(last).toMatchObject({ message: 'verdict', status: 'succeeded' });
    expect(code).toBe(0);
    const keys = await stores.artifacts.list('jobs/dataset-1/steps/ExtractFrames/');
    expect(keys.filter((key) => /verdict\.json$|images\/.*\.jpg$/.test(key)).length).toBeGreaterThan(1);
  });

  it('holds no ONNX Runtime and no models', async () => {
    const held = [...(await readdir(app)), ...(await readdir(join(app, 'node_modules')))];
    expect(held.filter((name) => /^(onnxruntime|models)/.test(name))).toEqual([]);
  });
});
