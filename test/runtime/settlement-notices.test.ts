import { beforeEach, expect, it } from 'vitest';
import type { Notice } from '#core/notices';
import { executionStatusEvent } from '#jobs/execution-event';
import { announcing } from '#jobs/notify';
import { queueHandler } from '#runtime/queue';
import { settlementDoor } from '#runtime/settlement';
import { aJob } from '../conformance/job-store.ts';
import { context, keepLog } from '../helpers/lambda.ts';
import { aLife } from '../helpers/life.ts';

keepLog();
let stores: Awaited<ReturnType<typeof aLife>>;
let told: Notice[];
let isDown: boolean;

beforeEach(async () => {
  told = [];
  isDown = false;
  stores = await aLife({ places: 1 });
  await stores.jobs.create(aJob({ status: 'RUNNING', execution: 'toy-1' }));
});

const deliver = (event: unknown) => {
  const notices = {
    async publish(notice: Notice) {
      if (isDown) throw new Error('the bus is down');
      told.push(notice);
    },
  };
  const ports = { ...stores, jobs: announcing(stores.jobs, { notices }), notices };
  return queueHandler('settlement', async () => settlementDoor(ports, async (_key, _context, work) => await work()))(
    { Records: [{ messageId: 'm-0', body: JSON.stringify(event) }] },
    context,
  );
};

const input = { team: 'default', project: 'default', jobId: 'toy-1', plan: {} };
const request = { jobId: 'toy-1', name: 'toy-1', workload: 'toy', input };
const failed = executionStatusEvent(request, { status: 'FAILED', error: 'X' }, new Date(0));
const running = { ...failed, detail: { ...failed.detail, status: 'RUNNING' } };
const ok = { batchItemFailures: [] };

it('tells that a job began, and how it ended', async () => {
  expect(await deliver(running)).toEqual(ok);
  expect(await deliver(failed)).toEqual(ok);
  expect(told).toMatchObject([{ type: 'job-start' }, { type: 'job-end', job: { status: 'FAILED', error: 'X' } }]);
});

it('tells an end that was recorded by one who died before it was told', async () => {
  isDown = true;
  expect(await deliver(failed)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
  expect(await stores.jobs.get('toy-1')).toMatchObject({ status: 'FAILED' });
  isDown = false;
  expect(await deliver(failed)).toEqual(ok);
  expect(told).toMatchObject([{ type: 'job-end' }]);
  expect(await stores.deadLetters.list()).toHaveLength(1);
});

it('gives an end that is told again the same id, by which receivers and queues know it', async () => {
  await deliver(failed);
  await deliver(failed);
  expect(new Set(told.map(({ id }) => id)).size).toBe(1);
});

it('tells no end of an earlier start', async () => {
  await stores.jobs.transition('toy-1', 'FAILED', { endedAt: failed.time });
  await stores.jobs.transition('toy-1', 'QUEUED', { execution: 'toy-1-redrive-1' });
  expect(await deliver(failed)).toEqual(ok);
  expect(told).toEqual([]);
});

it('tells when a container step begins and ends', async () => {
  const variables = { STEPREEL_JOB_ID: 'toy-1', STEPREEL_EXECUTION: 'toy-1', STEPREEL_STEP: 'SplitWords' };
  const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
  for (const lastStatus of ['PROVISIONING', 'RUNNING', 'STOPPED']) {
    const detail = {
      taskArn: 'arn:task/1',
      lastStatus,
      containers: [{ name: 'task', ...(lastStatus === 'STOPPED' ? { exitCode: 0 } : {}) }],
      overrides: { containerOverrides: [{ name: 'task', environment }] },
    };
    const event = { source: 'aws.ecs', 'detail-type': 'ECS Task State Change', time: '2026-01-01T00:00:00Z', detail };
    expect(await deliver(event)).toEqual(ok);
  }
  expect(told.map(({ type, job }) => `${type} ${job.step} ${job.error}`)).toEqual([
    'step-start SplitWords undefined',
    'step-end SplitWords undefined',
  ]);
});
