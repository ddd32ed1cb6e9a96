import { describe, expect, it } from 'vitest';
import { ContractError, TransientError } from '#core/errors';
import { evenLimits, teamQuota } from '#core/leases';
import type { ExecutionRequest } from '#core/ports';
import type { Workload } from '#core/workload';
import { openPlanner } from '#jobs/plan';
import { openQueueRoom } from '#jobs/queue-room';
import { checkRequest, submitJob } from '#jobs/submit';
import { aLife, noDigests } from '../helpers/life.ts';
import toy from '../helpers/toy/workload.ts';

const workload: Workload = toy;
const input = [{ name: 'words.txt', uri: '/words.txt' }];

async function ports(definition: Workload = workload) {
  const life = await aLife({ workloads: { toy: async () => definition } });
  return { ...life, started: life.executions.started };
}

it('records the job with its defaults and starts its execution under its id', async () => {
  const { started, ...rest } = await ports();
  const { job, isNew } = await submitJob(
    { workload: 'toy', input },
    { ...rest, now: () => new Date('2026-01-01T00:00:00Z') },
  );
  expect(job).toMatchObject({
    workload: 'toy',
    workloadVersion: '1.0.0',
    team: 'default',
    status: 'STARTING',
    params: { color: 'red' },
    input,
    createdAt: '2026-01-01T00:00:00.000Z',
    execution: job.id,
  });
  expect(isNew).toBe(true);
  expect(job.id).toMatch(/^toy-[0-9a-f]{32}$/);
  expect(await rest.jobs.get(job.id)).toEqual(job);
  expect(started).toEqual([
    {
      jobId: job.id,
      name: job.id,
      workload: 'toy',
      input: {
        jobId: job.id,
        team: 'default',
        project: 'default',
        plan: { SplitWords: 'cpu', CountLetters: 'cpu' },
        // What the workload declares, in a size that there is, as ECS counts.
        size: { SplitWords: { Cpu: 1024, Memory: 2048 }, CountLetters: { Cpu: 1024, Memory: 2048 } },
      },
    },
  ]);
});

it('plans a GPU only for steps that can use one', async () => {
  const withGpu: Workload = {
    ...workload,
    steps: { ...workload.steps, CountLetters: { ...workload.steps.CountLetters!, devices: ['gpu', 'cpu'] } as never },
  };
  const { started, ...rest } = await ports(withGpu);
  const plan = openPlanner({ ...rest, models: noDigests, reuse: false, device: 'gpu' });
  await submitJob({ workload: 'toy', input }, { ...rest, plan, device: 'gpu' });
  expect(started[0]!.input.plan).toEqual({ SplitWords: 'cpu', CountLetters: 'gpu' });
});

it('lists every problem of a request at once', () => {
  const request = { workload: 'toy', input: [], params: { color: 'blue', routeBytes: -1, shade: 1 } };
  expect(() => checkRequest(workload, request)).toThrow(
    /input: expected 1 file, found 0[\s\S]*routeBytes: [\s\S]*color: [\s\S]*"shade"/,
  );
});

it.each([
  { input: { min: 1, max: 1 }, files: 2, says: 'expected 1 file, found 2' },
  { input: { min: 2, max: 9 }, files: 1, says: 'expected 2 to 9 files, found 1' },
])('says how many files it takes: $says', ({ input: { min, max }, files, says }) => {
  const definition = { ...workload, input: { ...workload.input, min, max } };
  const given = Array.from({ length: files }, () => input[0]!);
  expect(() => checkRequest(definition, { workload: 'toy', input: given })).toThrow(says);
});

it('refuses an unknown workload and names those there are', async () => {
  const { started, ...rest } = await ports();
  await expect(submitJob({ workload: 'toys', input }, rest)).rejects.toThrow(
    'There is no workload "toys". There are: toy.',
  );
  expect(started).toEqual([]);
});

it('answers with a FAILED job whose execution can not be started, and keeps its letter', async () => {
  const { started: _started, ...rest } = await ports();
  rest.executions.fault = new ContractError('no such state machine');
  const { job } = await submitJob({ workload: 'toy', input }, rest);
  expect(job).toMatchObject({ status: 'FAILED', error: { name: 'ContractError', message: 'no such state machine' } });
  expect(await rest.deadLetters.list()).toMatchObject([{ jobId: job.id }]);
  expect(await rest.leases.all()).toEqual([]);
});

it('leaves a job QUEUED, for the sweep, whose start failed in a way that passes', async () => {
  const { started: _started, ...rest } = await ports();
  rest.executions.fault = new TransientError('throttled');
  const { job } = await submitJob({ workload: 'toy', input }, rest);
  expect(job.status).toBe('QUEUED');
  expect(await rest.jobs.waiting(job, 10)).toEqual([job]);
  expect(await rest.leases.all()).toEqual([]);
});

it('leaves a job QUEUED when the queue can not be looked at just now: it is recorded', async () => {
  const { started: _started, ...rest } = await ports();
  const leases = { ...rest.leases, paused: async () => Promise.reject(new TransientError('throttled')) };
  expect((await submitJob({ workload: 'toy', input }, { ...rest, leases })).job.status).toBe('QUEUED');
});

it.each([
  { device: 'gpu' as const, devices: ['gpu', 'cpu'], pool: 'gpu' },
  { device: 'cpu' as const, devices: ['gpu', 'cpu'], pool: 'cpu' },
  { device: 'gpu' as const, devices: ['cpu'], pool: 'cpu' },
])('a job of steps for $devices waits on a $device for the pool $pool', async ({ device, devices, pool }) => {
  const step = { ...workload.steps.CountLetters!, devices } as never;
  const { started: _started, ...rest } = await ports({ ...workload, steps: { ...workload.steps, CountLetters: step } });
  expect((await submitJob({ workload: 'toy', input }, { ...rest, device })).job.pool).toBe(pool);
});

it('records the job before its execution starts, and STARTING after: an execution may be quicker than that record', async () => {
  const { started: _started, ...rest } = await ports();
  const executions = {
    ...rest.executions,
    async start({ jobId, name }: ExecutionRequest) {
      expect(await rest.jobs.get(jobId)).toMatchObject({ status: 'QUEUED', execution: name });
      await rest.jobs.transition(jobId, 'RUNNING', {}, name);
      await rest.jobs.transition(jobId, 'FAILED', { endedAt: '2026-01-01T00:00:01.000Z' }, name);
      return { execution: name };
    },
  };
  const { job } = await submitJob({ workload: 'toy', input }, { ...rest, executions });
  expect(job.status).toBe('FAILED');
});

describe('a key (pitfall 24)', () => {
  const at = (seconds: number) => () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
  const request = { workload: 'toy', input, params: { color: 'green' }, team: 'red', key: 'order-1' };

  it('stands for one job, however often it comes', async () => {
    const { started, ...rest } = await ports();
    const first = await submitJob(request, rest);
    const again = await submitJob({ ...request, params: { color: 'green' } }, rest);
    expect([first.isNew, again.isNew]).toEqual([true, false]);
    expect(again.job).toEqual(first.job);
    expect(started).toHaveLength(1);
  });

  it('that comes many times at once starts one execution', async () => {
    const { started, ...rest } = await ports();
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => submitJob(request, rest)));
    const ids = all.flatMap((one) => (one.status === 'fulfilled' ? one.value.job.id : []));
    expect(new Set(ids).size).toBe(1);
    expect(new Set(started.map(({ name }) => name)).size).toBe(1);
    const refused = all.flatMap((one) => (one.status === 'rejected' ? one.reason.code : []));
    expect(refused.filter((code) => code !== 'KeyInFlight')).toEqual([]);
  });

  it.each([
    { name: 'another team', change: { team: 'blue' } },
    { name: 'another key', change: { key: 'order-2' } },
  ])('of $name is another job', async ({ change }) => {
    const { started: _started, ...rest } = await ports();
    const one = await submitJob(request, rest);
    const other = await submitJob({ ...request, ...change }, rest);
    expect(other).toMatchObject({ isNew: true });
    expect(other.job.id).not.toBe(one.job.id);
  });

  it.each([
    { name: 'parameters', change: { params: { color: 'red' } } },
    { name: 'input', change: { input: [{ name: 'words.txt', uri: '/other.txt' }] } },
    { name: 'project', change: { project: 'other' } },
  ])('is refused with other $name (pitfall 28)', async ({ change }) => {
    const { started: _started, ...rest } = await ports();
    await submitJob(request, rest);
    await expect(submitJob({ ...request, ...change }, rest)).rejects.toMatchObject({
      name: 'RequestRefused',
      code: 'KeyReused',
    });
  });

  it('answers with its job while that waits its turn', async () => {
    const { started, ...rest } = await ports();
    const full = { ...rest, limits: evenLimits(0, 10) };
    const { job } = await submitJob(request, full);
    expect(job.status).toBe('QUEUED');
    expect(await submitJob(request, full)).toEqual({ job, isNew: false });
    expect(await submitJob(request, rest)).toMatchObject({ isNew: false, job: { id: job.id, status: 'STARTING' } });
    expect(started).toHaveLength(1);
  });

  it('is in flight while somebody else starts its young job, and is answered when that takes too long', async () => {
    const { started, ...rest } = await ports();
    const { job } = await submitJob(request, { ...rest, limits: evenLimits(0, 10), now: at(0) });
    const lease = { holder: job.id, jobId: job.id, token: 'of another door', until: '2026-01-01T00:05:00.000Z' };
    await rest.leases.take(teamQuota('red'), lease, 1);
    await expect(submitJob(request, { ...rest, now: at(59) })).rejects.toMatchObject({ code: 'KeyInFlight' });
    expect(await submitJob(request, { ...rest, now: at(60) })).toEqual({ job, isNew: false });
    expect(started).toEqual([]);
  });
});

describe('a queue that is full for a team', () => {
  const request = { workload: 'toy', input, team: 'red' };

  async function aFullQueue() {
    const { started: _started, ...rest } = await ports();
    const full = { ...rest, limits: evenLimits(0, 2) };
    return { ...full, hasRoom: openQueueRoom(full) };
  }

  it('takes no more of its jobs, and those of others', async () => {
    const full = await aFullQueue();
    for (const key of ['one', 'two']) await submitJob({ ...request, key }, full);
    await expect(submitJob(request, full)).rejects.toMatchObject({ code: 'QueueFull' });
    expect((await submitJob({ ...request, team: 'blue' }, full)).job.status).toBe('QUEUED');
  });

  it('answers with a job that it took before', async () => {
    const full = await aFullQueue();
    for (const key of ['one', 'two']) await submitJob({ ...request, key }, full);
    expect(await submitJob({ ...request, key: 'one' }, full)).toMatchObject({ isNew: false });
  });
});
