import { describe, expect, it } from 'vitest';
import type { ExecutionEnd, Job } from '#core/job';
import type { HistoryEvent } from '#core/ports';
import { executionStatusEvent } from '#jobs/execution-event';
import { settleJob } from '#jobs/settle';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';

const request = {
  jobId: 'toy-1',
  name: 'e-1',
  workload: 'toy',
  input: { team: 'default', project: 'default', jobId: 'toy-1', plan: {} },
};
const time = new Date('2026-01-01T00:01:00Z');

async function settle(
  end: ExecutionEnd,
  { job = {}, history = [] }: { job?: Partial<Job>; history?: HistoryEvent[] } = {},
) {
  const ports = await openStateFolder(aFolder());
  await ports.jobs.create(aJob({ status: 'RUNNING', execution: 'e-1', ...job }));
  const settled = await settleJob(executionStatusEvent(request, end, time), {
    ...ports,
    executions: { history: async () => history },
  });
  return { settled, ports, stored: (await ports.jobs.get('toy-1'))! };
}

const rejected = { Error: 'MediaError', Cause: '{"errorType":"MediaError","errorMessage":"no video"}' };

it.each([
  { end: { status: 'SUCCEEDED', output: { WriteReport: { outcome: 'complete' } } }, status: 'SUCCEEDED' },
  { end: { status: 'SUCCEEDED', output: { WriteReport: { outcome: 'partial' } } }, status: 'PARTIAL' },
  { end: { status: 'SUCCEEDED', output: { rejected } }, status: 'REJECTED' },
  { end: { status: 'FAILED', error: 'ModelError', cause: 'another digest' }, status: 'FAILED' },
  { end: { status: 'TIMED_OUT', error: 'States.Timeout', cause: 'too long' }, status: 'TIMED_OUT' },
] as const)('an execution that ended as $end leaves its job $status', async ({ end, status }) => {
  const { settled, stored } = await settle(end);
  expect(stored).toMatchObject({ status, endedAt: '2026-01-01T00:01:00.000Z' });
  expect(settled).toEqual(stored);
});

it('a stopped execution leaves its job CANCELED', async () => {
  const { stored } = await settle({ status: 'ABORTED' }, { job: { status: 'CANCELING' } });
  expect(stored.status).toBe('CANCELED');
  expect(stored.error).toBeUndefined();
});

it('keeps what was degraded', async () => {
  const degraded = [{ step: 'Detect', reason: 'CPU instead of GPU' }];
  const { stored } = await settle({ status: 'SUCCEEDED', output: { WriteReport: { outcome: 'complete', degraded } } });
  expect(stored.degraded).toEqual(degraded);
});

describe('the dead-letter queue (pitfall 51)', () => {
  it.each(['FAILED', 'TIMED_OUT'] as const)('gets a job that %s, with what a replay needs', async (status) => {
    const { ports } = await settle({ status, error: 'ModelError', cause: 'another digest' });
    expect(await ports.deadLetters.list()).toEqual([
      {
        jobId: 'toy-1',
        workload: 'toy',
        team: 'default',
        execution: 'e-1',
        error: { name: 'ModelError', message: 'another digest' },
        endedAt: '2026-01-01T00:01:00.000Z',
      },
    ]);
  });

  it.each([
    { name: 'a refusal', end: { status: 'SUCCEEDED', output: { rejected } } },
    { name: 'a success', end: { status: 'SUCCEEDED', output: { WriteReport: { outcome: 'complete' } } } },
  ] as const)('never gets $name', async ({ end }) => {
    const { ports } = await settle(end);
    expect(await ports.deadLetters.list()).toEqual([]);
  });

  it('gets the letter by the next delivery when whoever settled died before it was written', async () => {
    const { ports } = await settle({ status: 'FAILED', error: 'X' });
    await ports.deadLetters.remove('toy-1');
    const event = executionStatusEvent(request, { status: 'FAILED', error: 'X' }, time);
    await settleJob(event, { ...ports, executions: { history: async () => [] } });
    expect(await ports.deadLetters.list()).toHaveLength(1);
  });

  it('gets none for a late event of an earlier start', async () => {
    const { ports } = await settle({ status: 'FAILED', error: 'X' }, { job: { execution: 'e-2' } });
    expect(await ports.deadLetters.list()).toEqual([]);
  });
});

it('a result is closed before its job is told to have one, and never for a job that has none', async () => {
  const published: string[] = [];
  const ports = await openStateFolder(aFolder());
  const publish = async ({ id, status, endedAt }: Job) => {
    published.push(`${status} ${endedAt} while ${(await ports.jobs.get(id))!.status}`);
  };
  const settling = async (job: Partial<Job>, end: ExecutionEnd) => {
    await ports.jobs.create(aJob({ status: 'RUNNING', execution: 'e-1', ...job }));
    const own = { ...request, input: { team: 'default', project: 'default', jobId: job.id!, plan: {} } };
    await settleJob(executionStatusEvent(own, end, time), {
      ...ports,
      executions: { history: async () => [] },
      publish,
    });
  };
  await settling({ id: 'toy-1' }, { status: 'SUCCEEDED', output: { WriteReport: { outcome: 'complete' } } });
  await settling({ id: 'toy-2' }, { status: 'SUCCEEDED', output: { rejected } });
  await settling({ id: 'toy-3' }, { status: 'FAILED', error: 'X' });
  expect(published).toEqual(['SUCCEEDED 2026-01-01T00:01:00.000Z while RUNNING']);
});

it('an execution that ended before its start was recorded settles its job all the same', async () => {
  const end = { status: 'SUCCEEDED', output: { WriteReport: { outcome: 'complete' } } } as const;
  const { stored } = await settle(end, { job: { status: 'QUEUED' } });
  expect(stored.status).toBe('SUCCEEDED');
});

it('an event that tells no error takes it from the history', async () => {
  const at = time.toISOString();
  const history = [{ at, type: 'TaskFailed', state: 'Check', error: 'ModelError', cause: 'another digest' }];
  const { stored } = await settle({ status: 'FAILED' }, { history });
  expect(stored.error).toEqual({ name: 'ModelError', message: 'another digest', step: 'Check' });
});

describe('what does not settle a job', () => {
  it.each([{}, { jobId: 7 }, { jobId: 'toy-none' }, null])(
    'is an execution that somebody started by hand with %j',
    async (input) => {
      const { ports } = await settle({ status: 'FAILED', error: 'X' });
      const event = executionStatusEvent(request, { status: 'FAILED', error: 'X' }, time);
      const byHand = { ...event, detail: { ...event.detail, input: JSON.stringify(input) } };
      const executions = { history: async () => Promise.reject(new Error('it is not looked at')) };
      expect(await settleJob(byHand, { ...ports, executions })).toBeUndefined();
    },
  );

  it('is an event of an earlier execution', async () => {
    const { settled, stored } = await settle({ status: 'FAILED', error: 'X' }, { job: { execution: 'e-2' } });
    expect(settled).toBeUndefined();
    expect(stored.status).toBe('RUNNING');
  });

  it('is the same event again', async () => {
    const { ports } = await settle({ status: 'FAILED', error: 'ModelError', cause: 'first' });
    const event = executionStatusEvent(request, { status: 'SUCCEEDED', output: {} }, time);
    expect(await settleJob(event, { ...ports, executions: { history: async () => [] } })).toBeUndefined();
    expect(await ports.jobs.get('toy-1')).toMatchObject({ status: 'FAILED' });
  });

  it('is the news that an execution runs', async () => {
    const { ports } = await settle({ status: 'FAILED', error: 'X' });
    const event = executionStatusEvent(request, { status: 'SUCCEEDED' }, time);
    const running = { ...event, detail: { ...event.detail, status: 'RUNNING' as const } };
    expect(await settleJob(running, { ...ports, executions: { history: async () => [] } })).toBeUndefined();
  });
});

describe('the error of a job', () => {
  const at = time.toISOString();
  const taskFailed = 'States.TaskFailed';
  const cause = JSON.stringify({ Containers: [{ ExitCode: 1, Reason: 'killed by SIGKILL' }] });

  it('is what a Lambda threw, and names the step', async () => {
    const history = [{ at, type: 'TaskFailed', state: 'Check', error: 'MediaError' }];
    const { stored } = await settle({ status: 'SUCCEEDED', output: { rejected } }, { history });
    expect(stored.error).toEqual({ name: 'MediaError', message: 'no video', step: 'Check' });
  });

  it('is what the last attempt of a container wrote down, under the name of the step and not of its CPU twin', async () => {
    const ports = await openStateFolder(aFolder());
    await ports.jobs.create(aJob({ status: 'RUNNING', execution: 'e-1' }));
    await ports.jobs.nextAttempt('toy-1', 'Detect', 2);
    const record = { step: 'Detect', shard: 2, attempt: 1, startedAt: at, seconds: 1, cpuSeconds: 1, peakMemoryMiB: 1 };
    const error = { name: 'ModelError', message: 'another digest' };
    await ports.artifacts.putBytes(
      'jobs/toy-1/steps/Detect/0002/attempt-1/attempt.json',
      JSON.stringify({ ...record, error }),
    );
    const history = [{ at, type: 'TaskFailed', state: 'DetectOnCpu', shard: 2, error: taskFailed }];
    const end = { status: 'FAILED', error: taskFailed, cause } as const;
    await settleJob(executionStatusEvent(request, end, time), {
      ...ports,
      executions: { history: async () => history },
    });
    expect((await ports.jobs.get('toy-1'))!.error).toEqual({ ...error, step: 'Detect' });
  });

  it('is what the step refused, and no failure, where an engine lost its name and no Catch took it', async () => {
    const ports = await openStateFolder(aFolder());
    await ports.jobs.create(aJob({ status: 'RUNNING', execution: 'e-1' }));
    await ports.jobs.nextAttempt('toy-1', 'Check');
    const error = { name: 'MediaError', message: 'no video' };
    const verdict = { contract: 1, status: 'rejected', error, artifacts: [] };
    await ports.artifacts.putBytes('jobs/toy-1/steps/Check/attempt-1/verdict.json', JSON.stringify(verdict));
    const history = [{ at, type: 'TaskFailed', state: 'Check', error: 'Runtime.HandlerError' }];
    const end = { status: 'FAILED', error: 'Runtime.HandlerError', cause: 'no video' } as const;
    await settleJob(executionStatusEvent(request, end, time), {
      ...ports,
      executions: { history: async () => history },
    });
    expect(await ports.jobs.get('toy-1')).toMatchObject({ status: 'REJECTED', error: { ...error, step: 'Check' } });
    expect(await ports.deadLetters.list()).toEqual([]);
  });

  it('says how the task ended when the attempt could write nothing', async () => {
    const history = [{ at, type: 'TaskFailed', state: 'Detect', error: taskFailed }];
    const { stored } = await settle({ status: 'FAILED', error: taskFailed, cause }, { history });
    expect(stored.error).toEqual({
      name: taskFailed,
      message: 'The task ended with exit code 1 and left no verdict (killed by SIGKILL).',
      step: 'Detect',
    });
  });
});
