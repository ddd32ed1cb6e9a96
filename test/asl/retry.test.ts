import { describe, expect, it } from 'vitest';
import { RETRY_CONTAINER } from '#core/retry-policy';
import { containerTask, lambdaTask, machineOf, named, runSmall, typesOf } from '../helpers/machine.ts';

describe('Retry', () => {
  it('tries a killed task again, with the policy of core and its growing waits', async () => {
    let left = 2;
    const { end, history, clock } = await runSmall({
      machine: machineOf({ Cut: containerTask('Cut', {}, { Retry: RETRY_CONTAINER }) }),
      task: async (_call, _signal, started) => {
        started();
        left -= 1;
        return left >= 0 ? { reason: 'killed by SIGKILL' } : { exitCode: 0 };
      },
    });
    expect(end.status).toBe('SUCCEEDED');
    expect(clock.slept).toEqual([5_000, 10_000]);
    expect(history.filter(({ type }) => type === 'TaskScheduled').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(history.find(({ type }) => type === 'TaskRetried')).toMatchObject({
      state: 'Cut',
      attempt: 2,
      error: 'States.TaskFailed',
    });
  });

  it('tries a task again that could not be started', async () => {
    let left = 1;
    const { end } = await runSmall({
      machine: machineOf({ Cut: containerTask('Cut', {}, { Retry: RETRY_CONTAINER }) }),
      task: async () => {
        left -= 1;
        if (left >= 0) throw Object.assign(new Error('spawn EAGAIN'), { code: 'EAGAIN' });
        return { exitCode: 0 };
      },
    });
    expect(end.status).toBe('SUCCEEDED');
  });

  it('gives up after MaxAttempts retries', async () => {
    const { end, history } = await runSmall({
      machine: machineOf({ Cut: containerTask('Cut', {}, { Retry: RETRY_CONTAINER }) }),
      task: async () => ({ exitCode: 1 }),
    });
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(typesOf(history).filter((type) => type === 'TaskFailed')).toHaveLength(4);
  });

  it.each([
    {
      name: 'States.TaskFailed matches any error of a Task',
      equals: ['States.TaskFailed'],
      error: 'Strange',
      tries: 2,
    },
    { name: 'States.ALL matches any error', equals: ['States.ALL'], error: 'Strange', tries: 2 },
    { name: 'a name matches itself', equals: ['TransientError'], error: 'TransientError', tries: 2 },
    { name: 'a name in other letters does not match', equals: ['Transienterror'], error: 'TransientError', tries: 1 },
    { name: 'another name does not match', equals: ['CapacityError'], error: 'TransientError', tries: 1 },
  ])('$name', async ({ equals, error, tries }) => {
    let called = 0;
    const lambda = () => {
      called += 1;
      throw named(error);
    };
    const machine = machineOf({ Call: lambdaTask('Call', { Retry: [{ ErrorEquals: equals, MaxAttempts: 1 }] }) });
    await runSmall({ machine, lambda });
    expect(called).toBe(tries);
  });

  it('begins its counts anew at each visit of a state', async () => {
    const machine = machineOf({
      Call: lambdaTask('Call', {
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
        ResultSelector: { 'visit.$': '$.Payload' },
        Next: 'Enough',
      }),
      Enough: {
        Type: 'Choice',
        Choices: [{ Variable: '$.Call.visit', NumericLessThan: 4, Next: 'Call' }],
        Default: 'Done',
      },
      Done: { Type: 'Succeed' },
    });
    let called = 0;
    const { end } = await runSmall({
      machine,
      lambda: () => {
        called += 1;
        if (called % 2 === 1) throw named('Odd');
        return called;
      },
    });
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { Call: { visit: 4 } } });
  });
});

describe('Catch', () => {
  const refusals = { ErrorEquals: ['MediaError'], ResultPath: '$.rejected', Next: 'Rejected' };
  const machine = machineOf({
    Check: lambdaTask('Check', { Catch: [refusals], Next: 'Done' }),
    Done: { Type: 'Succeed' },
    Rejected: { Type: 'Succeed' },
  });

  it('keeps the error beside the input', async () => {
    const lambda = () => {
      throw named('MediaError', 'no video');
    };
    const { end, history } = await runSmall({ machine, input: { jobId: 'toy-1' }, lambda });
    expect(end.output).toEqual({
      jobId: 'toy-1',
      rejected: { Error: 'MediaError', Cause: '{"errorType":"MediaError","errorMessage":"no video"}' },
    });
    expect(history.find(({ type }) => type === 'TaskCaught')).toMatchObject({ state: 'Check', error: 'MediaError' });
  });

  it('leaves other errors alone', async () => {
    const lambda = () => {
      throw named('ModelError');
    };
    expect((await runSmall({ machine, lambda })).end).toMatchObject({ status: 'FAILED', error: 'ModelError' });
  });
});
