import { describe, expect, it } from 'vitest';
import {
  containerTask,
  lambdaTask,
  machineOf,
  named,
  runSmall,
  startSmall,
  typesOf,
  untilAborted,
} from '../helpers/machine.ts';

describe('a run', () => {
  it('gives each Lambda its Payload and keeps its answer at ResultPath', async () => {
    const machine = machineOf({
      Add: lambdaTask('Add', { ResultSelector: { 'sum.$': '$.Payload.sum' }, Next: 'Show' }),
      Show: lambdaTask('Show'),
    });
    const seen: unknown[] = [];
    const lambda = (call: unknown) => {
      seen.push(call);
      return { sum: 3 };
    };
    const { end } = await runSmall({ machine, input: { a: 1, b: 2 }, lambda });
    expect(seen).toEqual([
      { functionName: 'Add', payload: { a: 1, b: 2 } },
      { functionName: 'Show', payload: { a: 1, b: 2, Add: { sum: 3 } } },
    ]);
    expect(end.status).toBe('SUCCEEDED');
    expect(end.output).toMatchObject({ a: 1, Add: { sum: 3 }, Show: { StatusCode: 200, Payload: { sum: 3 } } });
  });

  it('keeps a null in a route, as AWS does', async () => {
    const machine = machineOf({ Probe: lambdaTask('Probe', { ResultSelector: { 'frames.$': '$.Payload.frames' } }) });
    const { end } = await runSmall({ machine, lambda: () => ({ frames: null }) });
    expect(end.output).toEqual({ Probe: { frames: null } });
  });

  it('gives a container the environment of its overrides and the name of the execution', async () => {
    const machine = machineOf({
      Cut: containerTask('Cut', {
        STEP: 'Cut',
        JOB: '$.jobId',
        EXECUTION: '$$.Execution.Name',
        SHARD: "States.Format('{}', $.shard)",
      }),
    });
    let seen: unknown;
    const { end } = await runSmall({
      machine,
      input: { jobId: 'toy-1', shard: 7 },
      task: async (call, _signal, started) => {
        started();
        seen = call;
        return { exitCode: 0 };
      },
    });
    expect(seen).toEqual({
      taskDefinition: 'Cut',
      environment: { STEP: 'Cut', JOB: 'toy-1', EXECUTION: 'test-execution', SHARD: '7' },
    });
    expect(end.output).toEqual({ jobId: 'toy-1', shard: 7 });
  });

  it.each([
    { name: 'a non-zero exit code', task: { exitCode: 3, reason: 'ToolError: no ffmpeg' } },
    { name: 'a task that was killed, which has no exit code', task: { reason: 'killed by SIGKILL' } },
  ])('fails as States.TaskFailed after $name', async ({ task }) => {
    const { end } = await runSmall({ machine: machineOf({ Cut: containerTask('Cut') }), task: async () => task });
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(end.cause!).Containers[0]).toMatchObject({ Reason: task.reason });
  });

  it('fails under the name of the error that a Lambda threw, with the cause that Lambda gives', async () => {
    const machine = machineOf({ Check: lambdaTask('Check') });
    const lambda = () => {
      throw named('ModelError', 'another digest');
    };
    const { end } = await runSmall({ machine, lambda });
    expect(end).toMatchObject({ status: 'FAILED', error: 'ModelError' });
    expect(JSON.parse(end.cause!)).toEqual({ errorType: 'ModelError', errorMessage: 'another digest' });
  });

  it('begins at another state with the input that was recorded for it', async () => {
    const machine = machineOf({ First: lambdaTask('First', { Next: 'Second' }), Second: lambdaTask('Second') });
    const seen: string[] = [];
    const lambda = ({ functionName }: { functionName: string }) => void seen.push(functionName);
    const { end } = await runSmall({ machine, input: { First: 'done' }, lambda, options: { startAt: 'Second' } });
    expect(seen).toEqual(['Second']);
    expect(end.output).toMatchObject({ First: 'done' });
  });

  it('waits as long as the state says', async () => {
    const machine = machineOf({
      Pause: { Type: 'Wait', Seconds: 90, Next: 'Again' },
      Again: { Type: 'Wait', SecondsPath: '$.seconds', End: true },
    });
    const { end, clock } = await runSmall({ machine, input: { seconds: 5 } });
    expect(clock.slept).toEqual([90_000, 5_000]);
    expect(end.output).toEqual({ seconds: 5 });
  });

  it('tells a failing Choice by its state', async () => {
    const machine = machineOf({
      Choose: { Type: 'Choice', Choices: [{ Variable: '$.a', StringEquals: 'x', Next: 'Done' }] },
      Done: { Type: 'Succeed' },
    });
    const { end, history } = await runSmall({ machine, input: { a: 'y' } });
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
    expect(history.find(({ type }) => type === 'ChoiceStateFailed')).toMatchObject({ state: 'Choose' });
  });

  it('records what happened in the words of Step Functions', async () => {
    const machine = machineOf({
      Cut: containerTask('Cut', {}, { Next: 'Done' }),
      Done: { Type: 'Succeed' },
    });
    const { history } = await runSmall({ machine, input: { jobId: 'toy-1' } });
    expect(typesOf(history)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
    expect(history[1]).toEqual({
      at: '2026-01-01T00:00:00.000Z',
      type: 'TaskStateEntered',
      state: 'Cut',
      input: { jobId: 'toy-1' },
    });
  });
});

describe('stopping', () => {
  it('tells the running work, waits for it to end and starts nothing more', async () => {
    const machine = machineOf({
      First: containerTask('First', {}, { Next: 'Second' }),
      Second: containerTask('Second'),
    });
    const started: string[] = [];
    let stopped = false;
    const { ended, abort, history } = startSmall({
      machine,
      task: async ({ taskDefinition }, signal) => {
        started.push(taskDefinition);
        setImmediate(abort);
        await untilAborted(signal).catch(() => {});
        await new Promise(setImmediate);
        stopped = true;
        return { exitCode: 0 };
      },
    });
    expect(await ended).toEqual({ status: 'ABORTED' });
    expect(stopped).toBe(true);
    expect(started).toEqual(['First']);
    expect(typesOf(history).slice(-2)).toEqual(['TaskAborted', 'ExecutionAborted']);
  });

  it('is not undone by a Retry or a Catch', async () => {
    const everything = { ErrorEquals: ['States.ALL'], MaxAttempts: 5, Next: 'Second' };
    const machine = machineOf({
      First: lambdaTask('First', { Retry: [everything], Catch: [everything], Next: 'Second' }),
      Second: lambdaTask('Second'),
    });
    const started: string[] = [];
    const { ended, abort } = startSmall({
      machine,
      lambda: ({ functionName }, signal) => {
        started.push(functionName);
        setImmediate(abort);
        return untilAborted(signal);
      },
    });
    expect(await ended).toEqual({ status: 'ABORTED' });
    expect(started).toEqual(['First']);
  });

  it('ends a wait', async () => {
    const { ended, abort } = startSmall({
      machine: machineOf({ Pause: { Type: 'Wait', Seconds: 1, End: true } }),
      options: {
        clock: { now: () => new Date(), sleep: (_ms, signal) => untilAborted(signal), after: () => () => {} },
      },
    });
    setImmediate(abort);
    expect(await ended).toEqual({ status: 'ABORTED' });
  });
});
