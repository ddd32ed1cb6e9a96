import { beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '#core/errors';
import type { Job } from '#core/job';
import { attemptPrefix } from '#core/names';
import type { ExecutionRequest } from '#core/ports';
import { type ReplayPorts, replayJob } from '#jobs/redrive';
import { openRegistry } from '#jobs/registry';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';
import { toyWorkloads } from '../helpers/toy/platform.ts';

const endedAt = '2026-01-01T00:01:00.000Z';
const error = { name: 'States.TaskFailed', message: 'killed', step: 'CountLetters' };
let ports: ReplayPorts;
let started: ExecutionRequest[];
let fault: Error | undefined;

beforeEach(async () => {
  started = [];
  fault = undefined;
  ports = {
    ...(await openStateFolder(aFolder())),
    registry: openRegistry(toyWorkloads),
    executions: {
      async start(request) {
        if (fault) throw fault;
        started.push(request);
        return { execution: request.name };
      },
      stop: async () => true,
    },
  };
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

  it('that dies before its start can be repeated, and keeps the letter until then', async () => {
    await aFailedJob();
    fault = new TransientError('throttled');
    const failed = (await ports.jobs.get('toy-1'))!;
    await expect(replayJob(failed, ports)).rejects.toThrow('throttled');
    expect(await ports.deadLetters.list()).toHaveLength(1);
    fault = undefined;
    const job = await replayJob((await ports.jobs.get('toy-1'))!, ports);
    expect(job.execution).toBe('toy-1-redrive-1');
    expect(started).toHaveLength(1);
    expect(await ports.deadLetters.list()).toEqual([]);
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
