import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Notice } from '#core/notices';
import type { JobStore } from '#core/ports';
import { executionStatusEvent } from '#jobs/execution-event';
import { historyNotices, tellStart, tellTask } from '#jobs/notify-steps';
import { taskChangeEventSchema } from '#jobs/waiting';
import { aJob } from '../conformance/job-store.ts';

const at = '2026-01-01T00:01:00.000Z';
let told: Notice[];
let job: ReturnType<typeof aJob>;
const notices = { publish: async (notice: Notice) => void told.push(notice) };
const jobs: Pick<JobStore, 'get'> = { get: async (id) => (id === job.id ? job : undefined) };
const lines = () =>
  told.map(({ type, job: { step, shard, error } }) =>
    [type, step, shard, error].filter((part) => part !== undefined).join(' '),
  );

beforeEach(() => {
  told = [];
  job = aJob({ status: 'RUNNING', execution: 'toy-1', notify: { url: 'https://example.com/' } });
});

describe('what the runner of this machine says', () => {
  const input = { jobId: 'toy-1', plan: {} };
  const started = { at, type: 'ExecutionStarted', input };
  const hear = (events: { at: string; type: string; [more: string]: unknown }[], changed = vi.fn()) => {
    const tellSteps = historyNotices({
      jobs,
      notices,
      changed,
      onFault: (thrown) => expect.unreachable(String(thrown)),
    });
    for (const event of events) tellSteps(event, 'toy-1');
    return changed;
  };

  it('becomes notices, in its order', async () => {
    hear([
      started,
      { at, type: 'TaskStateEntered', state: 'Cut' },
      { at, type: 'TaskScheduled', state: 'Cut', attempt: 1 },
      { at, type: 'TaskStarted', state: 'Cut', attempt: 1 },
      { at, type: 'TaskFailed', state: 'Cut', attempt: 1, error: 'States.TaskFailed' },
      { at, type: 'TaskStarted', state: 'Cut', attempt: 2 },
      { at, type: 'TaskSucceeded', state: 'Cut', attempt: 2 },
      { at, type: 'TaskStarted', state: 'DetectOnCpu', shard: 3, attempt: 1 },
      { at, type: 'TaskTimedOut', state: 'DetectOnCpu', shard: 3, attempt: 1, error: 'States.Timeout' },
      { at, type: 'ExecutionFailed' },
    ]);
    await vi.waitFor(() => expect(told).toHaveLength(7));
    expect(lines()).toEqual([
      'job-start',
      'step-start Cut',
      'step-end Cut States.TaskFailed',
      'step-start Cut',
      'step-end Cut',
      'step-start Detect 3',
      'step-end Detect 3 States.Timeout',
    ]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(7);
  });

  it('is no notice where no receiver waits, but a change all the same', async () => {
    job = aJob({ status: 'RUNNING', execution: 'toy-1' });
    const changed = hear([started, { at, type: 'TaskStarted', state: 'Cut', attempt: 1 }]);
    expect(changed.mock.calls).toEqual([['toy-1'], ['toy-1']]);
    await new Promise((done) => setTimeout(done, 20));
    expect(told).toEqual([]);
  });
});

describe('what AWS says', () => {
  const request = {
    jobId: 'toy-1',
    name: 'toy-1',
    workload: 'toy',
    input: { jobId: 'toy-1', team: 'a', project: 'b', plan: {} },
  };
  const running = (name = 'toy-1') => {
    const event = executionStatusEvent({ ...request, name }, { status: 'SUCCEEDED' }, new Date(at));
    return { ...event, detail: { ...event.detail, status: 'RUNNING' as const } };
  };
  const task = (lastStatus: string, variables: Record<string, string> = {}, exitCode?: number) =>
    taskChangeEventSchema.parse({
      source: 'aws.ecs',
      'detail-type': 'ECS Task State Change',
      time: '2026-01-01T01:01:00+01:00',
      detail: {
        taskArn: 'arn:task/1',
        lastStatus,
        containers: [exitCode === undefined ? { name: 'task' } : { name: 'task', exitCode }],
        overrides: {
          containerOverrides: [
            {
              environment: Object.entries({
                STEPREEL_JOB_ID: 'toy-1',
                STEPREEL_EXECUTION: 'toy-1',
                STEPREEL_STEP: 'Cut',
                ...variables,
              }).map(([name, value]) => ({ name, value })),
            },
          ],
        },
      },
    });

  it('of an execution that began is the start of its job', async () => {
    await tellStart(running(), jobs, notices);
    await tellStart(running('toy-1-redrive-1'), jobs, notices);
    expect(lines()).toEqual(['job-start']);
  });

  it('of an execution that somebody started by hand is nothing', async () => {
    const event = running();
    for (const input of ['null', '{}', '{"jobId":7}', '{"jobId":"toy-9"}']) {
      await tellStart({ ...event, detail: { ...event.detail, input } }, jobs, notices);
    }
    expect(told).toEqual([]);
  });

  it('of a task is the start and the end of its step, in UTC', async () => {
    await tellTask(task('PENDING'), jobs, notices);
    await tellTask(task('RUNNING', { STEPREEL_SHARD: '4' }), jobs, notices);
    await tellTask(task('STOPPED', { STEPREEL_SHARD: '4' }, 0), jobs, notices);
    expect(lines()).toEqual(['step-start Cut 4', 'step-end Cut 4']);
    expect(told[0]!.time).toBe('2026-01-01T00:01:00.000Z');
  });

  it.each([1, 137, undefined])(
    'of a task that ended with %s is that it left nothing to build on (pitfall 14)',
    async (code) => {
      await tellTask(task('STOPPED', {}, code), jobs, notices);
      expect(lines()).toEqual(['step-end Cut States.TaskFailed']);
    },
  );

  it.each([{ STEPREEL_JOB_ID: 'toy-9' }, { STEPREEL_EXECUTION: 'toy-0' }, { STEPREEL_STEP: '' }])(
    'of a task of something else is nothing: %j',
    async (variables) => {
      await tellTask(task('RUNNING', variables as Record<string, string>), jobs, notices);
      expect(told).toEqual([]);
    },
  );
});
