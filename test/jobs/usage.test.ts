import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '#core/job';
import type { JobStore } from '#core/ports';
import { NO_CHARGE } from '#core/price';
import { type UsageGroup, usageOf } from '#jobs/usage';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';

const charge = { ...NO_CHARGE, vcpuSeconds: 10, usd: 0.5, prices: '2026-01-01' };
let jobs: JobStore;
let made: number;

beforeEach(async () => {
  ({ jobs } = await openStateFolder(aFolder()));
  made = 0;
});

async function ended(endedAt: string, more: Partial<Job> = {}) {
  made += 1;
  await jobs.create(
    aJob({
      id: `toy-${made}`,
      status: 'SUCCEEDED',
      team: 'red',
      createdAt: '2026-02-01T00:00:00.000Z',
      endedAt,
      charge,
      ...more,
    }),
  );
}

const february = { from: '2026-02-01T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z' };
const usage = (by: UsageGroup = 'project') => usageOf({ team: 'red', ...february, by }, jobs);

describe('the usage of a team', () => {
  it.each<{ by: UsageGroup; names: string[] }>([
    { by: 'project', names: ['bridge', 'tunnel'] },
    { by: 'workload', names: ['toy'] },
    { by: 'day', names: ['2026-02-03', '2026-02-04'] },
  ])('is added up by $by', async ({ by, names }) => {
    await ended('2026-02-03T10:00:00.000Z', { project: 'tunnel' });
    await ended('2026-02-03T23:59:59.999Z', { project: 'bridge' });
    await ended('2026-02-04T00:00:00.000Z', { project: 'bridge' });
    const { rows, total } = await usage(by);
    expect(rows.map(({ name }) => name)).toEqual(names);
    expect(rows.reduce((sum, { usd }) => sum + usd, 0)).toBe(1.5);
    expect(total).toEqual({ ...charge, name: 'total', jobs: 3, vcpuSeconds: 30, usd: 1.5 });
  });

  it('is of the jobs that ended in the time, from its first moment to before its last', async () => {
    await ended('2026-01-31T23:59:59.999Z');
    await ended('2026-02-01T00:00:00.000Z');
    await ended('2026-03-01T00:00:00.000Z');
    expect((await usage()).total.jobs).toBe(1);
  });

  it('is of no other team', async () => {
    await ended('2026-02-02T00:00:00.000Z', { team: 'blue' });
    expect((await usage()).rows).toEqual([]);
  });

  it('counts a failed job with what it took, and one that was cancelled before it began with nothing', async () => {
    await ended('2026-02-02T00:00:00.000Z', { status: 'FAILED' });
    made += 1;
    await jobs.create(
      aJob({
        id: 'toy-0',
        status: 'CANCELED',
        team: 'red',
        createdAt: february.from,
        endedAt: '2026-02-02T00:00:00.000Z',
      }),
    );
    expect((await usage()).total).toMatchObject({ jobs: 2, usd: 0.5 });
  });

  it('counts a job once, at its last end: one that runs again has none', async () => {
    await ended('2026-02-02T00:00:00.000Z', { status: 'FAILED', execution: 'toy-1' });
    await jobs.transition('toy-1', 'QUEUED', { execution: 'toy-1-redrive-1' });
    expect((await usage()).total.jobs).toBe(0);
    await jobs.transition('toy-1', 'SUCCEEDED', {
      endedAt: '2026-02-05T00:00:00.000Z',
      charge: { ...charge, usd: 0.8 },
    });
    expect(await usage('day')).toMatchObject({ rows: [{ name: '2026-02-05', jobs: 1, usd: 0.8 }] });
  });

  it('counts the job that was recorded before the time, and says since when it looked', async () => {
    await ended('2026-02-01T01:00:00.000Z', { createdAt: '2026-01-31T00:00:00.000Z' });
    expect(await usage()).toMatchObject({ total: { jobs: 1 }, recordedSince: '2026-01-02T00:00:00.000Z' });
  });

  it('goes through all pages, each job once', async () => {
    const pages = [['toy-1', 'toy-2'], ['toy-3']].map((ids) =>
      ids.map((id) => aJob({ id, status: 'SUCCEEDED', endedAt: '2026-02-02T00:00:00.000Z', charge })),
    );
    const paged = {
      list: async ({ cursor = '0' }) => ({ jobs: pages[Number(cursor)]!, ...(cursor === '0' ? { next: '1' } : {}) }),
    };
    expect((await usageOf({ team: 'default', ...february, by: 'day' }, paged)).total).toMatchObject({
      jobs: 3,
      usd: 1.5,
    });
  });

  it('asks for less time when there are more jobs than are added up', async () => {
    const endless = { list: async () => ({ jobs: Array.from({ length: 1000 }, () => aJob()), next: 'more' }) };
    await expect(usageOf({ team: 'default', ...february, by: 'day' }, endless)).rejects.toThrow(/later `from`/);
  });
});
