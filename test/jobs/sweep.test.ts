import { beforeEach, expect, it } from 'vitest';
import { ContractError, TransientError } from '#core/errors';
import type { ExecutionRequest } from '#core/ports';
import { openRegistry } from '#jobs/registry';
import { type SweepPorts, sweepJobs } from '#jobs/sweep';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';
import { toyWorkloads } from '../helpers/toy/platform.ts';

const NOW = new Date('2026-01-01T01:00:00.000Z');
let ports: SweepPorts & Awaited<ReturnType<typeof openStateFolder>>;
let started: ExecutionRequest[];

beforeEach(async () => {
  started = [];
  ports = {
    ...(await openStateFolder(aFolder())),
    registry: openRegistry(toyWorkloads),
    executions: {
      async start(request) {
        if (request.jobId === 'toy-throttled') throw new TransientError('throttled');
        if (request.jobId === 'toy-broken') throw new ContractError('no such state machine');
        if (request.jobId === 'toy-forbidden') throw new Error('AccessDenied');
        started.push(request);
        return { execution: request.name };
      },
      stop: async () => true,
    },
    now: () => NOW,
  };
});

const queued = (id: string, createdAt = '2026-01-01T00:00:00.000Z') =>
  ports.jobs.create(aJob({ id, createdAt, execution: id }));

it('starts what was recorded and not started, once', async () => {
  await queued('toy-1');
  expect(await sweepJobs(ports)).toEqual({ started: ['toy-1'], waiting: [], failed: [] });
  expect(started).toMatchObject([{ name: 'toy-1', input: { plan: { SplitWords: 'cpu', CountLetters: 'cpu' } } }]);
  expect(await ports.jobs.get('toy-1')).toMatchObject({ status: 'STARTING', startedAt: NOW.toISOString() });
  expect(await sweepJobs(ports)).toEqual({ started: [], waiting: [], failed: [] });
});

it('leaves alone what was recorded less than two minutes ago', async () => {
  await queued('toy-young', '2026-01-01T00:58:30.000Z');
  expect((await sweepJobs(ports)).started).toEqual([]);
});

it('goes on when one of them can not be started', async () => {
  for (const id of ['toy-broken', 'toy-throttled', 'toy-2']) await queued(id);
  expect(await sweepJobs(ports)).toEqual({
    started: ['toy-2'],
    waiting: ['toy-throttled'],
    failed: [{ jobId: 'toy-broken', name: 'ContractError', message: 'no such state machine' }],
  });
  expect(await ports.jobs.get('toy-throttled')).toMatchObject({ status: 'QUEUED' });
  expect(await ports.jobs.get('toy-broken')).toMatchObject({ status: 'FAILED' });
  expect(await ports.deadLetters.list()).toMatchObject([{ jobId: 'toy-broken', error: { name: 'ContractError' } }]);
});

it('leaves a job QUEUED after an error that does not tell whether its execution runs', async () => {
  await queued('toy-forbidden');
  expect((await sweepJobs(ports)).failed).toEqual([{ jobId: 'toy-forbidden', name: 'Error', message: 'AccessDenied' }]);
  expect(await ports.jobs.get('toy-forbidden')).toMatchObject({ status: 'QUEUED' });
  expect(await ports.deadLetters.list()).toEqual([]);
});
