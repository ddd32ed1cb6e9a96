import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ModelError, TransientError } from '#core/errors';
import type { Job } from '#core/job';
import { attemptPrefix } from '#core/names';
import { defineWorkload, type Workload } from '#core/workload';
import { tellFinished } from '#jobs/finished-work';
import { openPlanner, type PlanPorts } from '#jobs/plan';
import { newestVerdict } from '#jobs/verdicts';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';
import toy from '../helpers/toy/workload.ts';

let folder: string;
let ports: PlanPorts;
let workload: Workload;
let digest: (ref: string) => Promise<string>;

beforeEach(async () => {
  folder = aFolder();
  workload = toy as Workload;
  digest = async () => 'aa';
  await writeFile(join(folder, 'words.txt'), 'one two');
  const { artifacts, jobs } = await openStateFolder(join(folder, 'state'));
  const registry = { list: async () => [workload], get: async () => workload };
  ports = { artifacts, jobs, registry, models: { digest: (ref) => digest(ref) } };
});

const plan = (job: Job, more: Partial<PlanPorts> = {}) => openPlanner({ ...ports, ...more })(job);
const stored = async (id: string) => (await ports.jobs.get(id))!;

async function aQueuedJob(id: string, changes: Partial<Job> = {}): Promise<Job> {
  const input = [{ name: 'words.txt', uri: join(folder, 'words.txt') }];
  const job = aJob({ id, execution: id, input, params: { color: 'red' }, ...changes });
  await ports.jobs.create(job);
  return job;
}

/** What the runtime does when a step of a planned job succeeded. */
async function finish(id: string, step: string, { shard, counted = {} }: { shard?: number; counted?: object } = {}) {
  const place = { step, ...(shard === undefined ? {} : { shard }) };
  const attempt = await ports.jobs.nextAttempt(id, step, shard);
  const verdict = { contract: 1, status: 'succeeded', output: { by: id }, artifacts: [] };
  await ports.artifacts.putBytes(
    `${attemptPrefix({ jobId: id, ...place, attempt })}verdict.json`,
    JSON.stringify(verdict),
  );
  const part = { ...place, attempt, revision: 1, counted: new Map(Object.entries(counted)) };
  await tellFinished(await stored(id), part, ports.artifacts);
}

const FRESH = { SplitWords: 'cpu', CountLetters: 'cpu' };

async function doneBy(id: string, shards = 2): Promise<void> {
  await plan(await aQueuedJob(id));
  for (const step of ['CheckWords', 'SplitWords', 'PlanCounts']) await finish(id, step);
  for (let shard = 0; shard < shards; shard += 1) await finish(id, 'CountLetters', { shard });
}

describe('a first start', () => {
  it('of new content runs everything, and keeps its plan with the keys of all steps but the last', async () => {
    expect(await plan(await aQueuedJob('toy-1'))).toEqual(FRESH);
    const { planned, reused } = await stored('toy-1');
    expect(planned).toMatchObject({ execution: 'toy-1', plan: FRESH });
    expect(Object.keys(planned!.keys!)).toEqual(['CheckWords', 'SplitWords', 'PlanCounts', 'CountLetters']);
    expect(reused).toBeUndefined();
  });

  it('takes verdicts over as attempts that took no time and say whose they are', async () => {
    await doneBy('toy-1');
    await plan(await aQueuedJob('toy-2'));
    expect(await newestVerdict({ jobId: 'toy-2', step: 'SplitWords' }, ports)).toMatchObject({
      output: { by: 'toy-1' },
    });
    const key = 'jobs/toy-2/steps/SplitWords/attempt-1/attempt.json';
    const record = JSON.parse(Buffer.from(await ports.artifacts.read(key)).toString());
    expect(record).toMatchObject({ attempt: 1, seconds: 0, cpuSeconds: 0, reusedFrom: 'toy-1' });
  });

  it('does not trust a step to be whole whose shards nobody has counted', async () => {
    await doneBy('toy-1');
    expect(await plan(await aQueuedJob('toy-2'))).toEqual({ SplitWords: 'reuse', CountLetters: 'cpu' });
    await finish('toy-1', 'WriteReport', { counted: { CountLetters: 2 } });
    expect(await plan(await aQueuedJob('toy-3'))).toEqual({ SplitWords: 'reuse', CountLetters: 'reuse' });
  });

  it('runs the shards that are missing', async () => {
    await doneBy('toy-1', 1);
    await finish('toy-1', 'WriteReport', { counted: { CountLetters: 2 } });
    expect(await plan(await aQueuedJob('toy-2'))).toEqual({ SplitWords: 'reuse', CountLetters: 'cpu' });
    expect(await newestVerdict({ jobId: 'toy-2', step: 'CountLetters', shard: 0 }, ports)).toBeDefined();
    expect(await newestVerdict({ jobId: 'toy-2', step: 'CountLetters', shard: 1 }, ports)).toBeUndefined();
  });

  it('stands: asked again when more is done, it is the same', async () => {
    const job = await aQueuedJob('toy-1');
    const rival = await aQueuedJob('toy-2');
    expect(await plan(job)).toEqual(FRESH);
    await plan(rival);
    await finish('toy-2', 'CheckWords');
    await finish('toy-2', 'SplitWords');
    expect(await plan(job)).toEqual(FRESH);
    expect(await newestVerdict({ jobId: 'toy-1', step: 'SplitWords' }, ports)).toBeUndefined();
  });

  it('that two plan at once has one plan', async () => {
    await doneBy('toy-1');
    const job = await aQueuedJob('toy-2');
    const plans = await Promise.all(Array.from({ length: 5 }, () => plan(job)));
    expect(new Set(plans.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it('that was planned and died before it took over is completed by the next who plans it', async () => {
    await doneBy('toy-1');
    const job = await aQueuedJob('toy-2');
    const putBytes = async () => Promise.reject(new TransientError('died here'));
    const dying = { ...ports, artifacts: { ...ports.artifacts, putBytes } };
    await expect(openPlanner(dying)(job)).rejects.toThrow('died here');
    expect((await stored('toy-2')).planned).toBeDefined();
    expect(await plan(await stored('toy-2'))).toMatchObject({ SplitWords: 'reuse' });
    expect(await newestVerdict({ jobId: 'toy-2', step: 'SplitWords' }, ports)).toBeDefined();
  });

  it('that has begun goes on by the plan that it began with', async () => {
    const job = await aQueuedJob('toy-1');
    await plan(job);
    await finish('toy-1', 'CheckWords');
    await finish('toy-1', 'SplitWords');
    const begun = await ports.jobs.transition('toy-1', 'STARTING');
    expect(await plan(begun!)).toEqual(FRESH);
  });

  it('takes nothing over when the submitter or the platform says so', async () => {
    await doneBy('toy-1');
    expect(await plan(await aQueuedJob('toy-2', { reuse: false }))).toEqual(FRESH);
    expect(await plan(await aQueuedJob('toy-3'), { reuse: false })).toEqual(FRESH);
    expect((await stored('toy-3')).planned).toBeUndefined();
  });
});

describe('content keys', () => {
  const keysOf = async (id: string, changes: Partial<Job> = {}, more: Partial<PlanPorts> = {}) => {
    await plan(await aQueuedJob(id, changes), more);
    return (await stored(id)).planned!.keys!;
  };

  it('are other ones for another device', async () => {
    const split = { ...toy.steps.SplitWords!, devices: ['gpu', 'cpu'] } as Workload['steps'][string];
    workload = defineWorkload({ ...toy, steps: { ...toy.steps, SplitWords: split } }) as Workload;
    const [onCpu, onGpu] = [await keysOf('toy-1'), await keysOf('toy-2', {}, { device: 'gpu' })];
    expect(onCpu.CheckWords).toBe(onGpu.CheckWords);
    expect(onCpu.SplitWords).not.toBe(onGpu.SplitWords);
  });

  it('end where a model is not there, which its step will say', async () => {
    const split = { ...toy.steps.SplitWords!, models: () => ['none@1.0.0'] };
    workload = defineWorkload({ ...toy, steps: { ...toy.steps, SplitWords: split } }) as Workload;
    digest = async (ref) => Promise.reject(new ModelError(`There is no model ${ref}.`));
    expect(Object.keys(await keysOf('toy-1'))).toEqual(['CheckWords']);
  });

  it('are not there for an input that is not there', async () => {
    const input = [{ name: 'gone.txt', uri: join(folder, 'gone.txt') }];
    expect(await keysOf('toy-1', { input })).toEqual({});
  });

  it('are not given up for what passes: the start waits', async () => {
    const split = { ...toy.steps.SplitWords!, models: () => ['letters@1.0.0'] };
    workload = defineWorkload({ ...toy, steps: { ...toy.steps, SplitWords: split } }) as Workload;
    digest = async () => Promise.reject(new TransientError('throttled'));
    await expect(keysOf('toy-1')).rejects.toThrow('throttled');
    expect((await stored('toy-1')).planned).toBeUndefined();
  });
});

describe('a later start', () => {
  it('does not again what the job has done, and keeps the keys of its first', async () => {
    const first = await aQueuedJob('toy-1');
    await plan(first);
    const { keys } = (await stored('toy-1')).planned!;
    await finish('toy-1', 'SplitWords');
    await ports.jobs.transition('toy-1', 'FAILED');
    const again = await ports.jobs.transition('toy-1', 'QUEUED', { execution: 'toy-1-redrive-1' });
    workload = defineWorkload({ ...toy, revisions: {} }) as Workload;
    expect(await plan(again!)).toEqual({ SplitWords: 'reuse', CountLetters: 'cpu' });
    expect((await stored('toy-1')).planned).toMatchObject({ execution: 'toy-1-redrive-1', keys });
  });
});
