import { beforeEach, expect, it } from 'vitest';
import type { Job, Progress } from '#core/job';
import type { JobStore } from '#core/ports';
import { noteWaiting, taskChangeEventSchema } from '#jobs/waiting';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';

let jobs: JobStore;
beforeEach(async () => {
  jobs = (await openStateFolder(aFolder())).jobs;
});

const SINCE = '2026-01-01T00:00:30.000Z';

function change(lastStatus: string, { execution = 'e-1', ...more }: Record<string, unknown> = {}) {
  const variables = { STEPREEL_JOB_ID: 'toy-1', STEPREEL_EXECUTION: execution, STEPREEL_STEP: 'Cut' };
  const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
  return taskChangeEventSchema.parse({
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    time: '2026-01-01T00:01:00Z',
    detail: {
      taskArn: 'arn:task/1',
      lastStatus,
      createdAt: SINCE,
      startedBy: 'AWS Step Functions',
      overrides: { containerOverrides: [{ name: 'task', environment }] },
      ...more,
    },
  });
}

const running = (progress?: Progress) =>
  jobs.create(aJob({ status: 'RUNNING', execution: 'e-1', ...(progress ? { progress } : {}) }));
const progress = async (): Promise<Job['progress']> => (await jobs.get('toy-1'))!.progress;

it.each([
  { name: 'a machine', event: change('PROVISIONING'), says: /Waiting for a machine/ },
  { name: 'its image', event: change('PENDING'), says: /image/ },
  {
    name: 'room that was not there (pitfall 3)',
    event: change('STOPPED', { stopCode: 'TaskFailedToStart', stoppedReason: 'Capacity is unavailable at this time' }),
    says: /tried again: Capacity is unavailable/,
  },
])('a job shows that its step waits for $name', async ({ event, says }) => {
  await running();
  await noteWaiting(event, jobs);
  expect(await progress()).toEqual({
    step: 'Cut',
    percent: 0,
    done: 0,
    total: 0,
    waiting: { reason: expect.stringMatching(says), since: SINCE },
  });
});

it("the step's first report takes its place", async () => {
  await running();
  await noteWaiting(change('PROVISIONING'), jobs);
  await jobs.progress('toy-1', 'e-1', { step: 'Cut', percent: 1, done: 1, total: 100 });
  await noteWaiting(change('PROVISIONING'), jobs);
  expect(await progress()).toEqual({ step: 'Cut', percent: 1, done: 1, total: 100 });
});

it.each([
  { name: 'a task that runs', event: change('RUNNING') },
  { name: 'a task that ended', event: change('STOPPED', { stopCode: 'EssentialContainerExited' }) },
  { name: "an earlier start's task", event: change('PROVISIONING', { execution: 'e-0' }) },
  { name: 'a task that is none of ours', event: change('PROVISIONING', { overrides: { containerOverrides: [] } }) },
])('$name changes nothing', async ({ event }) => {
  await running();
  await noteWaiting(event, jobs);
  expect(await progress()).toBeUndefined();
});
