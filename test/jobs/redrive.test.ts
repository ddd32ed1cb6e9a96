import { beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '#core/errors';
import type { Job } from '#core/job';
import { evenLimits } from '#core/leases';
import { attemptPrefix } from '#core/names';
import type { ExecutionRequest } from '#core/ports';
import { replayJob } from '#jobs/redrive';
import { aJob } from '../conformance/job-store.ts';
import { aLife } from '../helpers/life.ts';

const endedAt = '2026-01-01T00:01:00.000Z';
const error = { name: 'States.TaskFailed', message: 'killed', step: 'CountLetters' };
let ports: Awaited<ReturnType<typeof aLife>>;
let started: ExecutionRequest[];

beforeEach(async () => {
  ports = await aLife();
  started = ports.executions.started;
});

async function aFailedJob(changes: Partial<Job> = {}): Promise<Job> {
  const job = aJob({ status: 'FAILED', execution: 'toy-1', error, endedAt, ...changes });
  await ports.jobs.create(job);
  await ports.deadLetters.put({ jobId: job.id, workload: 'toy', team: 'default', execution: job.execution!, endedAt });
  return job;
}

async function left(step: string, { shard, status = 'succeeded' }: { shard?: number; status?: string } = {}) {
  const attempt = await ports.jobs.nextAttempt('toy-1', step, shard);
  const key = `${attemptPrefix({ jobId: 'toy-1', step, attempt, ...(shard === undefined ? {} : { shard }) })}verdict.json`;
  const end = status === 'succeeded' ? { output: {} } : { error: { name: 'ModelError', message: 'another digest' } };
  await ports.artifacts.putBytes(key, JSON.stringify({ contract: 1, status, artifacts: [], ...end }));
}

describe('a replay', () => {
  it('starts a failed job over under a new name, and takes its letter out', async () => {
    const job = await replayJob(await aFailedJob(), ports);
    expect(job).toMatchObject({ status: 'STARTING', execution: 'toy-1-redrive-1' });
    expect(job.error).toBeUndefined();
    expect(started).toEqual([
      {
        jobId: 'toy-1',
        name: 'toy-1-redrive-1',
        workload: 'toy',
        input: {
          jobId: 'toy-1',
          team: 'default',
          project: 'default',
          plan: { SplitWords: 'cpu', CountLetters: 'cpu' },
        },
      },
    ]);
    expect(await ports.deadLetters.list()).toEqual([]);
  });

  it('of a replayed job counts on', async () => {
    expect(await replayJob(await aFailedJob({ execution: 'toy-1-redrive-9' }), ports)).toMatchObject({
      execution: 'toy-1-redrive-10',
    });
  });

  it('does no finished step again, and every shard of one that failed', async () => {
    await left('SplitWords');
    await left('CountLetters', { shard: 0 });
    await ports.jobs.nextAttempt('toy-1', 'CountLetters', 1);
    await replayJob(await aFailedJob(), ports);
    expect(started[0]!.input.plan).toEqual({ SplitWords: 'reuse', CountLetters: 'cpu' });
  });

  it('does shards not again when a later step was reached', async () => {
    await left('SplitWords');
    await left('CountLetters', { shard: 0 });
    await ports.jobs.nextAttempt('toy-1', 'WriteReport');
    await replayJob(await aFailedJob(), ports);
    expect(started[0]!.input.plan).toEqual({ SplitWords: 'reuse', CountLetters: 'reuse' });
  });

  it('waits its turn when there is no place, and may be asked for again', async () => {
    const full = { ...ports, limits: evenLimits(0, 10), now: () => new Date(endedAt) };
    const queued = await replayJob(await aFailedJob(), full);
    expect(queued).toMatchObject({ status: 'QUEUED', execution: 'toy-1-redrive-1', queuedAt: endedAt });
    expect(await ports.deadLetters.list()).toEqual([]);
    expect(await replayJob(queued, ports)).toMatchObject({ status: 'STARTING', execution: 'toy-1-redrive-1' });
    expect(started).toHaveLength(1);
  });

  it('that dies after it was recorded can be repeated, and takes the letter out then', async () => {
    const failed = await aFailedJob();
    const deadLetters = { ...ports.deadLetters, remove: async () => Promise.reject(new TransientError('throttled')) };
    await expect(replayJob(failed, { ...ports, deadLetters })).rejects.toThrow('throttled');
    expect(await ports.deadLetters.list()).toHaveLength(1);
    const job = await replayJob((await ports.jobs.get('toy-1'))!, ports);
    expect(job).toMatchObject({ status: 'STARTING', execution: 'toy-1-redrive-1' });
    expect(await ports.deadLetters.list()).toEqual([]);
  });

  it('begins where the execution before it failed, where an execution can begin there', async () => {
    const resume = { state: 'CountShards', input: { jobId: 'toy-1' }, plan: { SplitWords: 'cpu' as const } };
    const executions = {
      ...ports.executions,
      resumePoint: async (name: string) => (name === 'toy-1' ? resume : undefined),
    };
    await replayJob(await aFailedJob(), { ...ports, executions });
    expect(started[0]).toMatchObject({
      from: { state: 'CountShards', input: { jobId: 'toy-1' } },
      input: { plan: { SplitWords: 'cpu' } },
    });
  });

  it('is won by one of two', async () => {
    const job = await aFailedJob();
    const ends = await Promise.allSettled([replayJob(job, ports), replayJob(job, ports)]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(started).toHaveLength(1);
  });

  it.each(['SUCCEEDED', 'REJECTED', 'RUNNING', 'STARTING'] as const)(
    'is refused for a job that is %s',
    async (status) => {
      await expect(replayJob(await aFailedJob({ status }), ports)).rejects.toMatchObject({ code: 'NotReplayable' });
      expect(started).toEqual([]);
    },
  );

  it('is refused where a verdict stands that could only be raised again', async () => {
    await left('SplitWords', { status: 'rejected' });
    await expect(replayJob(await aFailedJob(), ports)).rejects.toThrow(/verdict that stands: ModelError/);
    expect((await ports.jobs.get('toy-1'))!.status).toBe('FAILED');
  });
});
