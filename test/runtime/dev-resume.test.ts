import { afterEach, describe, expect, it } from 'vitest';
import type { Job, JobState } from '#core/job';
import { type Resumed, resumeJobs } from '#runtime/dev-resume';
import { aFolder } from '../helpers/state-folder.ts';
import { openToyPlatform, type ToyPlatform } from '../helpers/toy/platform.ts';

const open: ToyPlatform[] = [];
afterEach(() => {
  for (const platform of open.splice(0)) platform.close();
});

/** A job as a process that died left it, in a state folder that is opened again. */
async function aLeftJob(status: JobState, more: Partial<Job> = {}) {
  const platform = await openToyPlatform(aFolder());
  open.push(platform);
  const { input, workload } = await platform.request('one two');
  const job: Job = {
    id: 'toy-left',
    workload,
    workloadVersion: '1.0.0',
    team: 'local',
    project: 'default',
    priority: 'normal',
    pool: 'cpu',
    status,
    input,
    params: { color: 'red' },
    sizes: { SplitWords: { vcpu: 1, memoryMiB: 512 }, CountLetters: { vcpu: 1, memoryMiB: 512 } },
    execution: 'toy-left',
    degraded: [],
    createdAt: new Date(Date.now() - 1000).toISOString(),
    ...more,
  };
  await platform.jobs.create(job);
  return platform;
}

describe('what a process that died left', () => {
  const nothing: Resumed = {
    resumed: [],
    started: [],
    waiting: [],
    failed: [],
    settled: [],
    released: [],
  };

  it.each([
    { status: 'QUEUED', left: { ...nothing, started: ['toy-left'] }, end: 'SUCCEEDED' },
    { status: 'STARTING', left: { ...nothing, resumed: ['toy-left'] }, end: 'SUCCEEDED' },
    { status: 'RUNNING', left: { ...nothing, resumed: ['toy-left'] }, end: 'SUCCEEDED' },
    { status: 'CANCELING', left: nothing, end: 'CANCELED' },
    { status: 'SUCCEEDED', left: nothing, end: 'SUCCEEDED' },
    { status: 'FAILED', left: nothing, end: 'FAILED' },
  ] as const)('$status ends as $end', async ({ status, left, end }) => {
    const platform = await aLeftJob(status);
    expect(await resumeJobs('local', platform)).toEqual(left);
    if (left !== nothing) await platform.executions.ended('toy-left');
    expect(await platform.jobs.get('toy-left')).toMatchObject({ status: end });
  });

  it('goes on under the name of its last start', async () => {
    const platform = await aLeftJob('RUNNING', { execution: 'toy-left-redrive-1' });
    await resumeJobs('local', platform);
    expect((await platform.executions.ended('toy-left-redrive-1')).status).toBe('SUCCEEDED');
    expect(await platform.jobs.get('toy-left')).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('does not keep others waiting when its workload is there no more', async () => {
    const platform = await aLeftJob('RUNNING', { workload: 'gone' });
    const { failed, resumed } = await resumeJobs('local', platform);
    expect(resumed).toEqual([]);
    expect(failed).toMatchObject([{ jobId: 'toy-left', name: 'InputError' }]);
  });
});
