import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MediaError } from '#core/errors';
import type { AnyStep } from '#core/step';
import { openStateFolder } from '#runtime/environment';
import { jsonLogger } from '#runtime/json-log';
import { runStep, type StepEnvironment, type StepRequest } from '#runtime/step-run';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';
import { noModels } from '../helpers/toy/platform.ts';

let folder: string;
let environment: StepEnvironment;

beforeEach(async () => {
  folder = aFolder();
  const stores = await openStateFolder(join(folder, 'state'));
  environment = { ...stores, models: noModels, scratchFolder: join(folder, 'scratch') };
  await stores.jobs.create(
    aJob({
      status: 'STARTING',
      execution: 'e-1',
      params: { times: 2 },
      input: [{ name: 'a.txt', uri: join(folder, 'a.txt') }],
    }),
  );
  await writeFile(join(folder, 'a.txt'), 'abc');
});

const output = z.object({ count: z.int() });

function aStep(run: AnyStep['run'], more: Partial<AnyStep> = {}): AnyStep {
  return { name: 'Count', revision: 1, params: z.object({ times: z.int() }), needs: {}, output, run, ...more };
}

function start(step: AnyStep, more: Partial<StepRequest> = {}) {
  const request = { jobId: 'toy-1', execution: 'e-1', ...more };
  const { signal } = new AbortController();
  return runStep(step, request, environment, { signal, logger: jsonLogger({}, () => {}) });
}

const readJson = async (key: string) => JSON.parse(Buffer.from(await environment.artifacts.read(key)).toString());

describe('other jobs find what a step did', () => {
  const planned = async (execution = 'e-1') => {
    const stamps = await Promise.all([environment.artifacts.inputStamp({ name: '', uri: join(folder, 'a.txt') })]);
    const start = { execution, plan: {}, keys: { Count: 'c0ffee' }, stamps };
    const job = aJob({
      id: 'toy-2',
      execution,
      params: { times: 1 },
      input: [{ name: '', uri: join(folder, 'a.txt') }],
    });
    await environment.jobs.create(job);
    await environment.jobs.plan('toy-2', start);
  };
  const told = () => environment.artifacts.list('cache/');

  it('under the content key that its job was planned with', async () => {
    await planned();
    const step = aStep(async () => ({ count: 1 }));
    await start(step, { jobId: 'toy-2' });
    expect(await told()).toEqual(['cache/toy/c0ffee/once']);
    expect(await readJson('cache/toy/c0ffee/once')).toMatchObject({ jobId: 'toy-2', attempt: 1, revision: 1 });
  });

  it('and how many shards there are, once somebody has read them all', async () => {
    await planned();
    const counts = aStep(async () => ({ count: 1 }));
    for (const shard of [0, 1]) await start(counts, { jobId: 'toy-2', shard });
    const sum = aStep(async ({ outputsOf }) => ({ count: (await outputsOf('Count', 2)).length }), {
      name: 'Sum',
      needs: { Count: output },
    });
    await start(sum, { jobId: 'toy-2' });
    expect(await told()).toEqual(['0000', '0001', 'shards'].map((name) => `cache/toy/c0ffee/${name}`));
    expect(await readJson('cache/toy/c0ffee/shards')).toEqual({ count: 2 });
  });

  it.each([
    {
      name: 'when the step was refused',
      run: async () => {
        throw new MediaError('no video');
      },
    },
    { name: 'when it ran on a CPU where a GPU was planned', request: { plannedDevice: 'gpu' as const } },
    {
      name: 'when the input was written to since the job was planned',
      run: async () => {
        await writeFile(join(folder, 'a.txt'), 'abd');
        return { count: 1 };
      },
    },
    {
      name: 'when the input is gone',
      run: async () => {
        await rm(join(folder, 'a.txt'));
        return { count: 1 };
      },
    },
    { name: 'when its job has no content keys', request: { jobId: 'toy-1' } },
  ])('but not $name', async ({ run = async () => ({ count: 1 }), request = {} }) => {
    await planned();
    const verdict = await start(aStep(run), { jobId: 'toy-2', ...request });
    expect(verdict.status).toMatch(/succeeded|rejected/);
    expect(await told()).toEqual([]);
  });
});
