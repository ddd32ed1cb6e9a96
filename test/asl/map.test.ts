import { describe, expect, it } from 'vitest';
import type { State } from '#asl/definition';
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

function mapOf(States: Record<string, State>, more: Partial<Extract<State, { Type: 'Map' }>> = {}): State {
  return {
    Type: 'Map',
    ItemsPath: '$.shards',
    ItemSelector: { 'jobId.$': '$.jobId', 'shard.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index' },
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: Object.keys(States)[0]!, States },
    ResultPath: null,
    ...(more.Next ? {} : { End: true }),
    ...more,
  };
}

const input = { jobId: 'toy-1', shards: ['a', 'b', 'c'] };

describe('a Map', () => {
  it('runs its states once for each item, with what ItemSelector makes of it', async () => {
    const seen: unknown[] = [];
    const machine = machineOf({ Each: mapOf({ Work: lambdaTask('Work') }) });
    const { end } = await runSmall({ machine, input, lambda: ({ payload }) => void seen.push(payload) });
    expect(seen).toEqual([
      { jobId: 'toy-1', shard: 'a', index: 0 },
      { jobId: 'toy-1', shard: 'b', index: 1 },
      { jobId: 'toy-1', shard: 'c', index: 2 },
    ]);
    expect(end).toEqual({ status: 'SUCCEEDED', output: input });
  });

  it('gives its outputs in the order of the items, and the item itself without ItemSelector', async () => {
    const { ItemSelector: _none, ...bare } = mapOf({
      Work: lambdaTask('Work', { OutputPath: '$.Work.Payload' }),
    }) as Extract<State, { Type: 'Map' }>;
    const machine = machineOf({ Each: { ...bare, ResultPath: '$.results' } });
    const { end } = await runSmall({
      machine,
      input: { shards: [{ n: 3 }, { n: 2 }, { n: 1 }] },
      lambda: async ({ payload }) => {
        const { n } = payload as { n: number };
        for (let turn = 0; turn < n; turn += 1) await new Promise(setImmediate);
        return n * 10;
      },
    });
    expect(end.output).toMatchObject({ results: [30, 20, 10] });
  });

  it.each([
    { name: 'by MaxConcurrency', MaxConcurrency: 2, mapConcurrency: undefined, most: 2 },
    { name: 'by the places of this machine', MaxConcurrency: 40, mapConcurrency: 1, most: 1 },
    { name: 'to 40, as on AWS', MaxConcurrency: 0, mapConcurrency: undefined, most: 40 },
  ])('is limited $name', async ({ MaxConcurrency, mapConcurrency, most }) => {
    let running = 0;
    let highest = 0;
    const machine = machineOf({ Each: mapOf({ Work: lambdaTask('Work') }, { MaxConcurrency }) });
    await runSmall({
      machine,
      input: { jobId: 'toy-1', shards: Array.from({ length: 50 }, (_, shard) => shard) },
      lambda: async () => {
        running += 1;
        highest = Math.max(highest, running);
        await new Promise(setImmediate);
        running -= 1;
      },
      options: mapConcurrency === undefined ? {} : { mapConcurrency },
    });
    expect(highest).toBe(most);
  });

  it('runs no iteration of an empty list', async () => {
    const machine = machineOf({ Each: mapOf({ Work: lambdaTask('Work') }) });
    const { end, history } = await runSmall({ machine, input: { jobId: 'toy-1', shards: [] } });
    expect(end.status).toBe('SUCCEEDED');
    expect(typesOf(history, 'Work')).toEqual([]);
  });

  it('fails when its items are no list', async () => {
    const machine = machineOf({ Each: mapOf({ Work: lambdaTask('Work') }) });
    const { end } = await runSmall({ machine, input: { jobId: 'toy-1', shards: 'a' } });
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it('ends the siblings of an iteration that failed, starts no more, and fails once they have ended', async () => {
    const started: number[] = [];
    const ended: number[] = [];
    const machine = machineOf({
      Each: mapOf({ Work: containerTask('Work', { SHARD: "States.Format('{}', $.index)" }) }, { MaxConcurrency: 2 }),
    });
    const { end, history } = await runSmall({
      machine,
      input: { jobId: 'toy-1', shards: [0, 1, 2, 3] },
      task: async ({ environment }, signal, begun) => {
        const shard = Number(environment.SHARD);
        started.push(shard);
        begun();
        if (shard === 0) return { exitCode: 1 };
        await untilAborted(signal).catch(() => {});
        await new Promise(setImmediate);
        ended.push(shard);
        return {};
      },
    });
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(started).toEqual([0, 1]);
    expect(ended).toEqual([1]);
    const ends = history.filter(({ type }) => type.startsWith('MapIteration') && type !== 'MapIterationStarted');
    expect(ends.map(({ type, shard }) => [type, shard])).toEqual([
      ['MapIterationFailed', 0],
      ['MapIterationAborted', 1],
    ]);
  });

  it('ends with all its iterations when the execution is stopped', async () => {
    const machine = machineOf({ Each: mapOf({ Work: lambdaTask('Work') }) });
    let running = 0;
    const { ended, abort } = startSmall({
      machine,
      input,
      lambda: async (_call, signal) => {
        running += 1;
        if (running === 3) setImmediate(abort);
        await untilAborted(signal).catch(() => {});
        running -= 1;
      },
    });
    expect(await ended).toEqual({ status: 'ABORTED' });
    expect(running).toBe(0);
  });

  it('can be retried and caught as a whole', async () => {
    let called = 0;
    const lambda = () => {
      called += 1;
      throw named('Strange');
    };
    const machine = machineOf({
      Each: mapOf(
        { Work: lambdaTask('Work') },
        {
          MaxConcurrency: 1,
          Retry: [{ ErrorEquals: ['Strange'], MaxAttempts: 1 }],
          Catch: [{ ErrorEquals: ['Strange'], ResultPath: '$.failure', Next: 'Done' }],
          Next: 'Done',
        },
      ),
      Done: { Type: 'Succeed' },
    });
    const { end } = await runSmall({ machine, input, lambda });
    expect(called).toBe(2);
    expect(end.output).toMatchObject({ failure: { Error: 'Strange' } });
  });

  it('names the shard in every event of an iteration, and how many there will be', async () => {
    const machine = machineOf({ Each: mapOf({ Work: lambdaTask('Work') }) });
    const { history } = await runSmall({ machine, input: { jobId: 'toy-1', shards: ['a'] } });
    expect(history.find(({ type }) => type === 'MapStateStarted')).toMatchObject({ state: 'Each', length: 1 });
    expect(history.filter(({ shard }) => shard === 0).map(({ type }) => type)).toEqual([
      'MapIterationStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'MapIterationSucceeded',
    ]);
  });
});
