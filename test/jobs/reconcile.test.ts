import { beforeEach, expect, it } from 'vitest';
import type { Job, JobState } from '#core/job';
import { poolQuota, teamQuota } from '#core/leases';
import { type Reconciled, reconcile } from '#jobs/reconcile';
import { aJob } from '../conformance/job-store.ts';
import { aLife } from '../helpers/life.ts';

const NOW = '2026-01-01T01:00:00.000Z';
const EXPIRED = '2026-01-01T00:59:59.000Z';
const GOOD = '2026-01-01T01:04:00.000Z';
const NOTHING: Reconciled = { settled: [], released: [], failed: [] };

let ports: Awaited<ReturnType<typeof aLife>> & { now: () => Date };
let stopped: string[];

beforeEach(async () => {
  const life = await aLife();
  stopped = [];
  const stop = async (execution: string) => {
    const isThere = life.executions.statuses.has(execution);
    if (isThere) stopped.push(execution);
    return isThere;
  };
  ports = { ...life, executions: Object.assign(life.executions, { stop }), now: () => new Date(NOW) };
});

async function leased(until: string, changes: Partial<Job> = {}): Promise<void> {
  const job = aJob({ execution: 'toy-1', ...changes });
  await ports.jobs.create(job);
  await leaseOf(until);
}

async function leaseOf(until: string, holder = 'toy-1'): Promise<void> {
  const lease = { holder, jobId: 'toy-1', token: 'token', until };
  for (const quota of [teamQuota('default'), poolQuota('cpu')]) await ports.leases.take(quota, lease, 9);
}

const runs = (name = 'toy-1') => ports.executions.statuses.set(name, { status: 'RUNNING' });
const job = async () => (await ports.jobs.get('toy-1'))!;

it('leaves alone what is good', async () => {
  await leased(GOOD, { status: 'RUNNING' });
  expect(await reconcile(ports)).toEqual(NOTHING);
  expect(await ports.leases.all()).toHaveLength(2);
});

it('renews the places of what runs still (pitfall 22)', async () => {
  await leased(EXPIRED, { status: 'RUNNING' });
  runs();
  expect(await reconcile(ports)).toEqual(NOTHING);
  expect((await ports.leases.all()).map(({ until }) => until > NOW)).toEqual([true, true]);
});

it('settles an end that nobody told, and gives the places back', async () => {
  await leased(EXPIRED, { status: 'RUNNING' });
  ports.executions.end('toy-1', { status: 'FAILED', error: 'X' });
  expect(await reconcile(ports)).toEqual({ ...NOTHING, settled: ['toy-1'], released: ['toy-1'] });
  expect(await job()).toMatchObject({ status: 'FAILED', error: { name: 'X' }, endedAt: '2026-01-01T02:00:00.000Z' });
  expect(await ports.deadLetters.list()).toHaveLength(1);
  expect(await ports.leases.all()).toEqual([]);
});

it('settles it before the lease expires, where a look costs nothing', async () => {
  await leased(GOOD, { status: 'RUNNING' });
  ports.executions.end('toy-1', { status: 'SUCCEEDED', output: {} });
  expect((await reconcile(ports)).settled).toEqual([]);
  expect((await reconcile(ports, { all: true })).settled).toEqual(['toy-1']);
});

it('writes the letter of a job that whoever settled it died on', async () => {
  await leased(GOOD, { status: 'FAILED', endedAt: '2026-01-01T00:30:00.000Z' });
  ports.executions.end('toy-1', { status: 'FAILED', error: 'X' });
  expect(await reconcile(ports)).toEqual({ ...NOTHING, released: ['toy-1'] });
  expect(await ports.deadLetters.list()).toMatchObject([{ jobId: 'toy-1', endedAt: '2026-01-01T00:30:00.000Z' }]);
});

it('records a start that whoever made it died on', async () => {
  await leased(EXPIRED);
  runs();
  await reconcile(ports);
  expect(await job()).toMatchObject({ status: 'STARTING', startedAt: NOW });
  expect(await ports.leases.all()).toHaveLength(2);
});

it.each(['CANCELING', 'CANCELED'] as const)('stops what runs of a %s job', async (status) => {
  await leased(EXPIRED, { status });
  runs();
  await reconcile(ports);
  expect(stopped).toEqual(['toy-1']);
  expect(await ports.leases.all()).toHaveLength(2);
});

it.each([
  { status: 'QUEUED', after: 'QUEUED' },
  { status: 'STARTING', after: 'FAILED' },
  { status: 'RUNNING', after: 'FAILED' },
  { status: 'CANCELING', after: 'CANCELED' },
  { status: 'CANCELED', after: 'CANCELED' },
] as { status: JobState; after: JobState }[])(
  'gives back the places of a $status job without an execution, which is $after',
  async ({ status, after }) => {
    await leased(EXPIRED, { status });
    expect((await reconcile(ports)).released).toEqual(['toy-1']);
    expect((await job()).status).toBe(after);
    expect(await ports.leases.all()).toEqual([]);
    expect(await ports.deadLetters.list()).toHaveLength(after === 'FAILED' ? 1 : 0);
  },
);

it.each(['QUEUED', 'CANCELED'] as const)('waits for whoever may be about to start a %s job', async (status) => {
  await leased(GOOD, { status });
  expect(await reconcile(ports, { all: true })).toEqual(NOTHING);
  expect(await ports.leases.all()).toHaveLength(2);
  expect((await reconcile(ports, { alone: true })).released).toEqual(['toy-1']);
});

it('gives back what an earlier start of a job held, and keeps what the later one holds', async () => {
  await leased(GOOD, { status: 'RUNNING', execution: 'toy-1-redrive-1' });
  ports.executions.end('toy-1', { status: 'FAILED' });
  await leaseOf(GOOD, 'toy-1-redrive-1');
  expect((await reconcile(ports)).released).toEqual(['toy-1']);
  expect((await ports.leases.all()).map(({ holder }) => holder)).toEqual(['toy-1-redrive-1', 'toy-1-redrive-1']);
  expect((await job()).status).toBe('RUNNING');
});

it('gives back the places of a job that is unknown', async () => {
  await leaseOf(EXPIRED);
  expect(await reconcile(ports)).toEqual({ ...NOTHING, released: ['toy-1'] });
});

it('goes on when one execution can not be looked at', async () => {
  await leased(EXPIRED, { status: 'RUNNING' });
  await leaseOf(EXPIRED, 'toy-0');
  const { status } = ports.executions;
  ports.executions.status = async (name) => (name === 'toy-1' ? Promise.reject(new Error('throttled')) : status(name));
  expect(await reconcile(ports)).toEqual({
    settled: [],
    released: ['toy-0'],
    failed: [{ jobId: 'toy-1', name: 'Error', message: 'throttled' }],
  });
});
