import { beforeEach, describe, expect, it } from 'vitest';
import { ContractError, TransientError } from '#core/errors';
import type { Job } from '#core/job';
import { type Limits, poolQuota, teamQuota } from '#core/leases';
import { admitJobs } from '#jobs/admit';
import { aJob } from '../conformance/job-store.ts';
import { aLife } from '../helpers/life.ts';

let ports: Awaited<ReturnType<typeof aLife>>;

beforeEach(async () => {
  ports = await aLife();
});

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** Jobs by their ids, each recorded a second after the one before. */
async function queued(...jobs: (Partial<Job> & { id: string })[]): Promise<void> {
  for (const [index, job] of jobs.entries()) {
    await ports.jobs.create(aJob({ execution: job.id, createdAt: at(index), ...job }));
  }
}

const limited = (pools: Partial<Limits['pools']>, teams: Record<string, number> = {}) => ({
  ...ports,
  limits: { pools: { cpu: 99, gpu: 99, ...pools }, team: async (team: string) => teams[team] ?? 99, queued: 99 },
});

const startedIds = () => ports.executions.started.map(({ jobId }) => jobId);

describe('the order', () => {
  it.each([
    {
      name: 'is by priority, then by age, over teams',
      jobs: [
        { id: 'low', priority: 'low' },
        { id: 'old', team: 'red' },
        { id: 'young', team: 'blue' },
        { id: 'high', priority: 'high', team: 'blue' },
      ] as const,
      order: ['high', 'old', 'young', 'low'],
    },
    {
      name: 'passes over a team that has its fill, in all priorities',
      jobs: [
        { id: 'red-1', team: 'red', priority: 'high' },
        { id: 'red-2', team: 'red', priority: 'high' },
        { id: 'red-3', team: 'red', priority: 'normal' },
        { id: 'blue-1', team: 'blue', priority: 'low' },
      ] as const,
      order: ['red-1', 'blue-1'],
    },
  ])('$name', async ({ jobs, order }) => {
    await queued(...jobs);
    await admitJobs(limited({}, { red: 1 }));
    expect(startedIds()).toEqual(order);
  });

  it('is that of a lane however long it is', async () => {
    await queued(...Array.from({ length: 25 }, (_, index) => ({ id: `toy-${index}` })));
    expect((await admitJobs(ports)).started).toEqual(Array.from({ length: 25 }, (_, index) => `toy-${index}`));
  });

  it('does not read what waits behind a team that has its fill', async () => {
    await queued(...Array.from({ length: 40 }, (_, index) => ({ id: `red-${index}`, team: 'red' })));
    await queued({ id: 'blue-1', team: 'blue' });
    let read = 0;
    const jobs = {
      ...ports.jobs,
      async waiting(...asked: Parameters<typeof ports.jobs.waiting>) {
        const found = await ports.jobs.waiting(...asked);
        read += found.length;
        return found;
      },
    };
    await admitJobs({ ...limited({}, { red: 0 }), jobs });
    expect(startedIds()).toEqual(['blue-1']);
    expect(read).toBeLessThan(15);
  });

  it('has room for a job that the index does not show yet', async () => {
    const newcomer = aJob({ id: 'toy-2', execution: 'toy-2', createdAt: at(5) });
    await ports.jobs.create(newcomer);
    await queued({ id: 'toy-1' });
    const jobs = {
      ...ports.jobs,
      waiting: async (...asked: Parameters<typeof ports.jobs.waiting>) =>
        (await ports.jobs.waiting(...asked)).filter(({ id }) => id !== 'toy-2'),
    };
    await admitJobs({ ...ports, jobs }, { newcomer });
    expect(startedIds()).toEqual(['toy-1', 'toy-2']);
  });
});

describe('places', () => {
  it('are taken up to the limit of a pool, and each pool has its own', async () => {
    await queued({ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'g', pool: 'gpu' });
    await admitJobs(limited({ cpu: 2, gpu: 1 }));
    expect(startedIds()).toEqual(['a', 'b', 'g']);
    expect(await ports.jobs.get('c')).toMatchObject({ status: 'QUEUED' });
    expect((await ports.leases.held(teamQuota('default'))).map(({ holder }) => holder)).toEqual(['a', 'b', 'g']);
  });

  it('are not exceeded by many who admit at once, and each job is started once', async () => {
    await queued(...Array.from({ length: 20 }, (_, index) => ({ id: `toy-${index}` })));
    await Promise.all(Array.from({ length: 10 }, () => admitJobs(limited({ cpu: 7 }))));
    expect(new Set(startedIds()).size).toBe(7);
    expect(startedIds()).toHaveLength(7);
  });

  it('of a paused pool are given to nobody', async () => {
    await queued({ id: 'a' }, { id: 'g', pool: 'gpu' });
    await ports.leases.pause('cpu');
    expect((await admitJobs(ports)).started).toEqual(['g']);
    await ports.leases.resume('cpu');
    expect((await admitJobs(ports, { pool: 'cpu' })).started).toEqual(['a']);
  });

  it('are kept by no job whose start failed in a way that passes', async () => {
    await queued({ id: 'a' });
    ports.executions.fault = new TransientError('throttled');
    expect(await admitJobs(ports)).toEqual({ started: [], waiting: ['a'], failed: [] });
    expect(await ports.leases.all()).toEqual([]);
    expect(await ports.jobs.get('a')).toMatchObject({ status: 'QUEUED' });
  });

  it('are kept when the start took effect and its answer got lost (pitfall 24)', async () => {
    await queued({ id: 'a' });
    const executions = {
      ...ports.executions,
      async start(request: Parameters<typeof ports.executions.start>[0]) {
        await ports.executions.start(request);
        throw new TransientError('the line broke');
      },
    };
    expect((await admitJobs({ ...ports, executions })).started).toEqual(['a']);
    expect(await ports.leases.all()).toHaveLength(2);
    expect(await ports.jobs.get('a')).toMatchObject({ status: 'STARTING' });
  });

  it('are kept while nobody can tell whether the start took effect', async () => {
    await queued({ id: 'a' });
    ports.executions.fault = new TransientError('the line broke');
    const status = async () => Promise.reject(new TransientError('the line broke'));
    expect((await admitJobs({ ...ports, executions: { ...ports.executions, status } })).waiting).toEqual(['a']);
    expect(await ports.leases.all()).toHaveLength(2);
  });

  it('are not used by whoever was held up until they may be somebody else’s', async () => {
    await queued({ id: 'a' });
    let now = Date.UTC(2026, 0, 1);
    const plan = async () => {
      now += 4 * 60_000;
      return {};
    };
    expect((await admitJobs({ ...ports, plan, now: () => new Date(now) })).waiting).toEqual(['a']);
    expect(ports.executions.started).toEqual([]);
    expect(await ports.leases.all()).toEqual([]);
  });

  it('are given back for a job that somebody else has started and seen end meanwhile', async () => {
    await queued({ id: 'a' });
    const stale = (await ports.jobs.get('a'))!;
    await ports.jobs.transition('a', 'SUCCEEDED', {}, 'a');
    const jobs = { ...ports.jobs, waiting: async () => [stale], lanes: async () => [stale] };
    expect((await admitJobs({ ...ports, jobs }, { pool: 'cpu' })).started).toEqual([]);
    expect(await ports.leases.all()).toEqual([]);
  });
});

describe('a job that can not be started', () => {
  it('fails, leaves its letter, and does not keep the others', async () => {
    await queued({ id: 'broken', workload: 'gone' }, { id: 'good' });
    const { started, failed } = await admitJobs(ports);
    expect(started).toEqual(['good']);
    expect(failed).toMatchObject([{ jobId: 'broken', name: 'InputError' }]);
    expect(await ports.jobs.get('broken')).toMatchObject({ status: 'FAILED', error: { name: 'InputError' } });
    expect(await ports.deadLetters.list()).toMatchObject([{ jobId: 'broken' }]);
    expect(await ports.leases.held(poolQuota('cpu'))).toHaveLength(1);
  });

  it.each([
    { name: 'a fault that is not ours', fault: new Error('AccessDenied'), tried: 3 },
    { name: 'throttling', fault: new TransientError('throttled'), tried: 3 },
    { name: 'what ends each job for itself', fault: new ContractError('no machine'), tried: 6 },
  ])('of $name, is tried with $tried of six jobs', async ({ fault, tried }) => {
    await queued(...Array.from({ length: 6 }, (_, index) => ({ id: `toy-${index}` })));
    ports.executions.fault = fault;
    const { waiting, failed } = await admitJobs(ports);
    expect(waiting.length + failed.length).toBe(tried);
    expect(await ports.leases.all()).toEqual([]);
  });
});

it('tries no more than it was told to', async () => {
  await queued(...Array.from({ length: 6 }, (_, index) => ({ id: `toy-${index}` })));
  expect((await admitJobs(ports, { most: 2 })).started).toEqual(['toy-0', 'toy-1']);
});
