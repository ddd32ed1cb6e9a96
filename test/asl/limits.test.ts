import { describe, expect, it } from 'vitest';
import {
  containerTask,
  lambdaTask,
  machineOf,
  runSmall,
  startSmall,
  typesOf,
  untilAborted,
} from '../helpers/machine.ts';

describe('time limits', () => {
  it('end a Task as States.Timeout once its work has ended', async () => {
    let worked = true;
    const { ended, clock, history } = startSmall({
      machine: machineOf({ Cut: containerTask('Cut') }),
      task: async (_call, signal, started) => {
        started();
        setImmediate(() => clock.fire(60));
        await untilAborted(signal).catch(() => {});
        await new Promise(setImmediate);
        worked = false;
        return {};
      },
    });
    expect(await ended).toEqual({ status: 'FAILED', error: 'States.Timeout', cause: 'Cut ran longer than its 60 s.' });
    expect(worked).toBe(false);
    expect(typesOf(history, 'Cut')).toContain('TaskTimedOut');
  });

  it('do not run while a container waits for a place', async () => {
    const { ended, clock } = startSmall({
      machine: machineOf({ Cut: containerTask('Cut') }),
      task: async (_call, _signal, started) => {
        await new Promise(setImmediate);
        expect(clock.fire(60)).toBe(0);
        started();
        return { exitCode: 0 };
      },
    });
    expect((await ended).status).toBe('SUCCEEDED');
  });

  it('of the machine end the execution as TIMED_OUT, past every Catch', async () => {
    const machine = machineOf(
      {
        First: lambdaTask('First', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Second' }], Next: 'Second' }),
        Second: lambdaTask('Second'),
      },
      { TimeoutSeconds: 3600 },
    );
    const { ended, clock } = startSmall({
      machine,
      lambda: (_call, signal) => {
        setImmediate(() => clock.fire(3600));
        return untilAborted(signal);
      },
    });
    expect(await ended).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });

  it('let a GPU state fall back to its CPU twin', async () => {
    const toTwin = { ErrorEquals: ['States.Timeout'], ResultPath: null, Next: 'CutOnCpu' };
    const machine = machineOf({
      Cut: containerTask('Cut', {}, { Catch: [toTwin], Next: 'Done' }),
      CutOnCpu: containerTask('CutOnCpu', {}, { Next: 'Done' }),
      Done: { Type: 'Succeed' },
    });
    const { ended, clock, history } = startSmall({
      machine,
      input: { jobId: 'toy-1' },
      task: async ({ taskDefinition }, signal, started) => {
        started();
        if (taskDefinition === 'CutOnCpu') return { exitCode: 0 };
        setImmediate(() => clock.fire(60));
        return untilAborted(signal);
      },
    });
    expect(await ended).toEqual({ status: 'SUCCEEDED', output: { jobId: 'toy-1' } });
    expect(history.find(({ type }) => type === 'TaskCaught')).toMatchObject({ state: 'Cut', error: 'States.Timeout' });
  });
});

describe('limits of size', () => {
  const big = 'x'.repeat(262_144);

  it.each([
    { what: 'an input', input: { big }, answer: {} },
    { what: 'an answer', input: {}, answer: { big } },
    { what: 'a state that grew past it', input: { half: 'x'.repeat(200_000) }, answer: { more: 'x'.repeat(100_000) } },
  ])('fail $what of more than 262,144 bytes, whatever is caught', async ({ input, answer }) => {
    const catchAll = { ErrorEquals: ['States.ALL'], Next: 'Second' };
    const machine = machineOf({
      First: lambdaTask('First', {
        Parameters: { FunctionName: 'First', Payload: {} },
        Catch: [catchAll],
        Next: 'Second',
      }),
      Second: lambdaTask('Second'),
    });
    const called: string[] = [];
    const lambda = ({ functionName }: { functionName: string }) => {
      called.push(functionName);
      return answer;
    };
    const { end } = await runSmall({ machine, input, lambda });
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(called).not.toContain('Second');
  });

  it('counts bytes, not characters', async () => {
    const { end } = await runSmall({
      machine: machineOf({ Done: { Type: 'Succeed' } }),
      input: { text: 'ä'.repeat(131_072) },
    });
    expect(end.error).toBe('States.DataLimitExceeded');
  });

  it('refuse container overrides of more than 8192 characters, as RunTask does', async () => {
    const machine = machineOf({ Cut: containerTask('Cut', { LONG: 'x'.repeat(8192) }) });
    const { end } = await runSmall({ machine });
    expect(end).toMatchObject({ status: 'FAILED', error: 'ECS.InvalidParameterException' });
  });
});
