import { beforeEach, expect, it } from 'vitest';
import { sweepJobs } from '#jobs/sweep';
import { aJob } from '../conformance/job-store.ts';
import { aLife } from '../helpers/life.ts';

const NOW = new Date('2026-01-01T01:00:00.000Z');
let ports: Awaited<ReturnType<typeof aLife>> & { now: () => Date };

beforeEach(async () => {
  ports = { ...(await aLife({ places: 1 })), now: () => NOW };
});

it('starts what was recorded and not started, as far as there are places, once', async () => {
  await ports.jobs.create(aJob({ execution: 'toy-1' }));
  const nothing = { started: [], waiting: [], failed: [], settled: [], released: [] };
  expect(await sweepJobs(ports)).toEqual({ ...nothing, started: ['toy-1'] });
  expect(ports.executions.started).toMatchObject([
    { name: 'toy-1', input: { plan: { SplitWords: 'cpu', CountLetters: 'cpu' } } },
  ]);
  expect(await ports.jobs.get('toy-1')).toMatchObject({ status: 'STARTING', startedAt: NOW.toISOString() });
  expect(await sweepJobs(ports)).toEqual(nothing);
});

it('hands the place of an end that nobody told to the next, in one sweep', async () => {
  for (const id of ['toy-1', 'toy-2']) await ports.jobs.create(aJob({ id, execution: id }));
  await sweepJobs(ports);
  ports.executions.end('toy-1', { status: 'SUCCEEDED', output: {} });
  expect(await sweepJobs(ports, { all: true })).toMatchObject({ settled: ['toy-1'], started: ['toy-2'] });
});
