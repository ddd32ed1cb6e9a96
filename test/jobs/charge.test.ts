import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '#core/ports';
import type { AttemptRecord } from '#core/verdict';
import { defineWorkload, type Workload } from '#core/workload';
import { chargeOf } from '#jobs/charge';
import { taskRuns, transitionsIn } from '#jobs/task-runs';
import type { Attempt } from '#jobs/verdicts';
import toy from '../helpers/toy/workload.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

/** A Task state's run from one second to another, as its history has it. */
function aRun(
  state: string,
  [from, to]: [number, number],
  more: { ended?: string; shard?: number; input?: unknown } = {},
) {
  const { ended = 'TaskSucceeded', shard, input } = more;
  const place = { state, ...(shard === undefined ? {} : { shard }) };
  return [
    { at: at(from), type: 'TaskStateEntered', ...place, ...(input === undefined ? {} : { input }) },
    { at: at(from), type: 'TaskScheduled', ...place, attempt: 1 },
    { at: at(from), type: 'TaskStarted', ...place, attempt: 1 },
    { at: at(to), type: ended, ...place, attempt: 1 },
  ] satisfies HistoryEvent[];
}

function attempt(step: string, startedAt: number, record: Partial<AttemptRecord> = {}, shard?: number): Attempt {
  const place = { step, ...(shard === undefined ? {} : { shard }), attempt: 1 };
  const facts = { startedAt: at(startedAt), seconds: 100, cpuSeconds: 90, peakMemoryMiB: 100 };
  return { ...place, record: { ...place, ...facts, ...record } };
}

const killed = (step: string): Attempt => ({ step, attempt: 2 });

function charge(attempts: Attempt[], histories: HistoryEvent[][] = [], workload: Workload = toy as Workload) {
  return chargeOf({ job: {}, workload, attempts, histories });
}

describe('a container is charged', () => {
  it('by its size and the time in its record', () => {
    // 1 vCPU and 2 GiB: the smallest size that holds what the toy declares.
    expect(charge([attempt('SplitWords', 0)])).toMatchObject({ vcpuSeconds: 100, gbSeconds: 200, gpuSeconds: 0 });
  });

  it('for a minute at least', () => {
    expect(charge([attempt('SplitWords', 0, { seconds: 3 })]).vcpuSeconds).toBe(60);
  });

  it('for each shard and each attempt', () => {
    const shards = [0, 1].map((shard) => attempt('CountLetters', 0, {}, shard));
    expect(charge([...shards, attempt('CountLetters', 200, {}, 1)]).vcpuSeconds).toBe(300);
  });

  it('by the size that it was given then, not by what a later start got', () => {
    const input = { size: { SplitWords: { Cpu: 4096, Memory: 16_384 } } };
    const history = aRun('SplitWords', [0, 110], { input });
    expect(charge([attempt('SplitWords', 5)], [history])).toMatchObject({ vcpuSeconds: 400, gbSeconds: 1600 });
  });

  it('for the files that it left, as requests', () => {
    const [few, many] = [0, 1000].map((artifacts) => charge([attempt('SplitWords', 0, { artifacts })]));
    expect(many!.requests - few!.requests).toBe(2000);
    expect(many!.usd - few!.usd).toBeCloseTo(0.0054, 6);
  });
});

describe('an attempt that was killed is charged', () => {
  it('as long as its task was under way in the history', () => {
    const history = aRun('SplitWords', [0, 240], { ended: 'TaskFailed' });
    expect(charge([killed('SplitWords')], [history]).vcpuSeconds).toBe(240);
  });

  it('beside the one that came after it', () => {
    const histories = [aRun('SplitWords', [0, 240], { ended: 'TaskFailed' }), aRun('SplitWords', [300, 420])];
    expect(charge([killed('SplitWords'), attempt('SplitWords', 310)], histories).vcpuSeconds).toBe(340);
  });

  it('beside the one that came right after it', () => {
    const histories = [aRun('SplitWords', [0, 2], { ended: 'TaskFailed' }), aRun('SplitWords', [3, 4])];
    expect(charge([killed('SplitWords'), attempt('SplitWords', 3, { seconds: 1 })], histories).vcpuSeconds).toBe(120);
  });

  it('as long as the execution, when that ended without an end of its task', () => {
    const history = [...aRun('SplitWords', [0, 1]).slice(0, 3), { at: at(500), type: 'ExecutionAborted' }];
    expect(charge([killed('SplitWords')], [history]).vcpuSeconds).toBe(500);
  });

  it('as a minute where the history does not show it', () => {
    expect(charge([killed('SplitWords')]).vcpuSeconds).toBe(60);
  });
});

describe('nothing is charged for', () => {
  it('a task that found no machine: no attempt began', () => {
    expect(charge([], [aRun('SplitWords', [0, 900], { ended: 'TaskFailed' })]).vcpuSeconds).toBe(0);
  });

  it('a step that was taken over from another job', () => {
    const reused = attempt('SplitWords', 0, { reusedFrom: 'toy-0' });
    expect(charge([reused])).toMatchObject({ vcpuSeconds: 0, usd: 0, steps: {} });
  });
});

it('a task that found its verdict there already costs its start', () => {
  const histories = [aRun('SplitWords', [0, 110]), aRun('SplitWords', [500, 520])];
  expect(charge([attempt('SplitWords', 5)], histories).vcpuSeconds).toBe(160);
});

it('a function is charged by its memory and time, and has no minute at least', () => {
  const one = charge([attempt('CheckWords', 0, { seconds: 2 })]);
  expect(one).toMatchObject({ vcpuSeconds: 0, gbSeconds: 0.5 });
  expect(one.steps).toEqual({ CheckWords: one.usd });
});

describe('a step that can run on a GPU', () => {
  const workload = defineWorkload({
    ...toy,
    steps: {
      Look: { ...toy.steps.SplitWords!, runs: 'container', devices: ['gpu', 'cpu'] } as Workload['steps'][string],
    },
  }) as Workload;

  it.each([
    { state: 'Look', gpuSeconds: 100 },
    { state: 'LookOnCpu', gpuSeconds: 0 },
  ])('is charged for what it ran on: $state', ({ state, gpuSeconds }) => {
    expect(charge([attempt('Look', 5)], [aRun(state, [0, 110])], workload)).toMatchObject({
      gpuSeconds,
      vcpuSeconds: 100,
    });
  });
});

it('state transitions are states entered and retries, over all starts', () => {
  const retried = [
    ...aRun('SplitWords', [0, 9]),
    { at: at(9), type: 'TaskScheduled', state: 'SplitWords', attempt: 2 },
  ];
  expect(transitionsIn(retried)).toBe(2);
  expect(charge([], [retried, aRun('CheckWords', [20, 21])]).transitions).toBe(3);
});

it('runs of shards are told apart', () => {
  const [first, second] = [0, 1].map((shard) => aRun('CountLetters', [shard, 10 * (shard + 1)], { shard }));
  const interleaved = [first![0]!, second![0]!, first![2]!, second![2]!, second![3]!, first![3]!];
  expect(taskRuns(interleaved).map(({ shard, from, to }) => [shard, (to - from) / 1000])).toEqual([
    [1, 19],
    [0, 10],
  ]);
});
