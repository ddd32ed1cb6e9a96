import { beforeEach, describe, expect, it } from 'vitest';
import { JOB_STATES, type Job } from '#core/job';
import type { Leases } from '#core/leases';
import type { ExecutionRequest, JobStore } from '#core/ports';
import { admitJobs } from '#jobs/admit';
import { type CancelPorts, cancelJob } from '#jobs/cancel';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aLife } from '../helpers/life.ts';
import { aFolder } from '../helpers/state-folder.ts';

const NOW = '2026-01-01T01:00:00.000Z';
let jobs: JobStore;
/** Executions there are, and those of them that were stopped. */
let there: string[];
let stopped: string[];
let ports: CancelPorts;

beforeEach(async () => {
  ({ jobs } = await openStateFolder(aFolder()));
  there = [];
  stopped = [];
  const executions = {
    async stop(execution: string) {
      if (!there.includes(execution)) return false;
      stopped.push(execution);
      return true;
    },
  };
  ports = { jobs, executions, now: () => new Date(NOW) };
});

async function recorded(changes: Partial<Job> = {}): Promise<Job> {
  const job = aJob({ execution: 'toy-1', ...changes });
  await jobs.create(job);
  return job;
}

it.each(['STARTING', 'RUNNING', 'CANCELING'] as const)(
  'a %s job is CANCELING, and its execution is stopped (pitfall 20)',
  async (status) => {
    const job = await recorded({ status });
    there.push('toy-1');
    expect(await cancelJob(job, ports)).toMatchObject({ status: 'CANCELING' });
    expect(stopped).toEqual(['toy-1']);
  },
);

it('a job whose turn has come just now is CANCELED, and its execution stopped', async () => {
  const job = await recorded();
  there.push('toy-1');
  expect(await cancelJob(job, ports)).toMatchObject({ status: 'CANCELED' });
  expect(stopped).toEqual(['toy-1']);
});

it('a job that was never started is CANCELED at once, and twice is harmless', async () => {
  const job = await recorded();
  const cancelled = await cancelJob(job, ports);
  expect(cancelled).toMatchObject({ status: 'CANCELED', endedAt: NOW });
  expect(await cancelJob(job, ports)).toEqual(cancelled);
});

it.each(['SUCCEEDED', 'PARTIAL', 'FAILED', 'REJECTED', 'TIMED_OUT', 'EXPIRED'] as const)(
  'a %s job stays so, and the refusal says it',
  async (status) => {
    const job = await recorded({ status });
    there.push('toy-1');
    const refusal = { code: 'NotCancellable', message: expect.stringContaining(status) };
    await expect(cancelJob(job, ports)).rejects.toMatchObject(refusal);
    expect(stopped).toEqual([]);
    expect((await jobs.get('toy-1'))!.status).toBe(status);
  },
);

it('has an answer for every state', () => {
  expect(JOB_STATES).toHaveLength(4 + 1 + 6);
});

it('an execution that ends meanwhile keeps its end', async () => {
  const job = await recorded({ status: 'RUNNING' });
  const stop = async () => {
    await jobs.transition('toy-1', 'SUCCEEDED', { endedAt: NOW }, 'toy-1');
    return true;
  };
  expect(await cancelJob(job, { ...ports, executions: { stop } })).toMatchObject({ status: 'SUCCEEDED' });
});

describe('a job that is cancelled while somebody admits it', () => {
  it('is not started, when it has not been yet', async () => {
    const life = await aLife();
    const job = aJob({ execution: 'toy-1' });
    await life.jobs.create(job);
    const leases = {
      ...life.leases,
      take: async (...asked: Parameters<Leases['take']>) => {
        if (asked[0] === 'pool:cpu') await cancelJob(job, life);
        return await life.leases.take(...asked);
      },
    };
    await admitJobs({ ...life, leases });
    expect((await life.jobs.get('toy-1'))!.status).toBe('CANCELED');
    expect(life.executions.started).toEqual([]);
    expect(await life.leases.all()).toEqual([]);
  });

  it('is stopped by whoever started it, and keeps its places until it has ended', async () => {
    const life = await aLife();
    const job = aJob({ execution: 'toy-1' });
    await life.jobs.create(job);
    const executions = {
      ...life.executions,
      async start(request: ExecutionRequest) {
        // Whoever cancels it now finds nothing to stop.
        await cancelJob(job, life);
        return await life.executions.start(request);
      },
      async stop(execution: string) {
        stopped.push(execution);
        return true;
      },
    };
    await admitJobs({ ...life, executions });
    expect((await life.jobs.get('toy-1'))!.status).toBe('CANCELED');
    expect(stopped).toEqual(['toy-1']);
    expect(await life.leases.all()).toHaveLength(2);
  });
});
