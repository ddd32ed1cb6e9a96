import { beforeEach, expect, it } from 'vitest';
import { poolQuota, teamQuota } from '#core/leases';
import { executionStatusEvent } from '#jobs/execution-event';
import { queueHandler } from '#runtime/queue';
import { settlementDoor } from '#runtime/settlement';
import { aJob } from '../conformance/job-store.ts';
import { context, keepLog } from '../helpers/lambda.ts';
import { aLife } from '../helpers/life.ts';

keepLog();
let stores: Awaited<ReturnType<typeof aLife>>;
let worked: string[];

beforeEach(async () => {
  stores = await aLife({ places: 1 });
  worked = [];
  await stores.jobs.create(aJob({ status: 'RUNNING', execution: 'toy-1' }));
});

// Nothing is remembered here: settlement itself must bear whatever comes again.
const deliver = (...events: unknown[]) =>
  queueHandler('settlement', async () =>
    settlementDoor(stores, async (key, _context, work) => {
      worked.push(key);
      await work();
    }),
  )({ Records: events.map((event, index) => ({ messageId: `m-${index}`, body: JSON.stringify(event) })) }, context);

const request = {
  jobId: 'toy-1',
  name: 'toy-1',
  workload: 'toy',
  input: { team: 'default', project: 'default', jobId: 'toy-1', plan: {} },
};
const ended = (status: 'SUCCEEDED' | 'FAILED', at = 0) =>
  executionStatusEvent(request, status === 'FAILED' ? { status, error: 'X' } : { status, output: {} }, new Date(at));

it('records how an execution ended, whatever comes again or late', async () => {
  expect(await deliver(ended('FAILED'), ended('FAILED'), ended('SUCCEEDED', 9))).toEqual({ batchItemFailures: [] });
  expect(await stores.jobs.get('toy-1')).toMatchObject({ status: 'FAILED' });
  expect(await stores.deadLetters.list()).toHaveLength(1);
  expect(new Set(worked).size).toBe(2);
});

it('hands the places of an execution that ended to the next job', async () => {
  const lease = { holder: 'toy-1', jobId: 'toy-1', token: 'token', until: '2026-01-01T00:05:00.000Z' };
  for (const quota of [teamQuota('default'), poolQuota('cpu')]) await stores.leases.take(quota, lease, 1);
  await stores.jobs.create(aJob({ id: 'toy-2', execution: 'toy-2' }));
  await deliver(ended('SUCCEEDED'));
  expect(await stores.jobs.get('toy-2')).toMatchObject({ status: 'STARTING' });
  expect((await stores.leases.held(poolQuota('cpu'))).map(({ holder }) => holder)).toEqual(['toy-2']);
});

it('records an end also when the next job can not be admitted just now', async () => {
  stores.leases.paused = async () => Promise.reject(new Error('no table'));
  expect(await deliver(ended('SUCCEEDED'))).toEqual({ batchItemFailures: [] });
  expect(await stores.jobs.get('toy-1')).toMatchObject({ status: 'SUCCEEDED' });
});

it('shows why a task waits', async () => {
  const variables = { STEPREEL_JOB_ID: 'toy-1', STEPREEL_EXECUTION: 'toy-1', STEPREEL_STEP: 'SplitWords' };
  const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const overrides = { containerOverrides: [{ name: 'task', environment }] };
  const event = {
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    time: '2026-01-01T00:00:00Z',
    detail: { taskArn: 'arn:task/1', lastStatus: 'PROVISIONING', overrides },
  };
  expect(await deliver(event)).toEqual({ batchItemFailures: [] });
  expect((await stores.jobs.get('toy-1'))!.progress!.waiting!.since).toBe('2026-01-01T00:00:00Z');
  expect(worked).toEqual([]);
});

it('gives back what it does not know', async () => {
  expect(await deliver({ source: 'aws.ec2' })).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
});
