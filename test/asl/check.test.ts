import { describe, expect, it } from 'vitest';
import { checkMachine } from '#asl/check';
import type { Machine } from '#asl/definition';
import type { Workload } from '#core/workload';
import { toyMachine } from '../helpers/toy/machine.ts';
import toy from '../helpers/toy/workload.ts';

const workload: Workload = toy;

/** The problems of the toy machine after a change to its JSON text. */
function problemsAfter(change: (text: string) => string): string[] {
  const before = JSON.stringify(toyMachine());
  const after = change(before);
  expect(after).not.toBe(before);
  return checkMachine(JSON.parse(after) as Machine, workload);
}

const replace = (from: string, to: string) => (text: string) => text.replace(from, () => to);
const replaceAll = (from: string, to: string) => (text: string) => text.replaceAll(from, () => to);

it('finds nothing wrong with a machine that fits its workload', () => {
  expect(checkMachine(toyMachine(), workload)).toEqual([]);
});

describe('a machine does not fit when', () => {
  it.each([
    { name: 'a step has no state', change: replaceAll('SplitWords', 'CutWords'), says: /no Task state is called so/ },
    { name: 'a state has no step', change: replaceAll('SplitWords', 'CutWords'), says: /toy has no such step/ },
    {
      name: 'a placeholder stands for nothing',
      change: replace(`\${Cluster}`, `\${Clutter}`),
      says: /\$\{Clutter\} is neither/,
    },
    {
      name: 'a Lambda step is run as a container',
      change: replace('lambda:invoke', 'ecs:runTask.sync'),
      says: /CheckWords calls .*runs it as a lambda/,
    },
    {
      name: 'a container step is run as a Lambda',
      change: replace('ecs:runTask.sync', 'lambda:invoke'),
      says: /SplitWords calls .*runs it as a container/,
    },
    {
      name: 'an error name is misspelt',
      change: replace('"MediaError"', '"MediaFault"'),
      says: /error MediaFault that nothing raises/,
    },
    {
      name: 'an error has the wrong prefix',
      change: replace('ECS.ServerException', 'Ecs.ServerException'),
      says: /Ecs\.ServerException/,
    },
    {
      name: 'a retry is not the policy',
      change: replace('"MaxAttempts":6', '"MaxAttempts":7'),
      says: /CheckWords has another Retry than RETRY_LAMBDA/,
    },
    {
      name: 'a container retry is not the policy',
      change: replace('"MaxAttempts":20', '"MaxAttempts":2'),
      says: /another Retry than RETRY_CONTAINER/,
    },
    {
      name: 'a Task has no time limit',
      change: replace('"TimeoutSeconds":660,', ''),
      says: /SplitWords states no TimeoutSeconds/,
    },
    {
      name: 'a container has no time to start',
      change: replace('"TimeoutSeconds":660', '"TimeoutSeconds":60'),
      says: /leaves no time to start/,
    },
    {
      name: 'a function is cut off before its own limit',
      change: replace('"TimeoutSeconds":30,', '"TimeoutSeconds":5,'),
      says: /less than the 30 s of its function/,
    },
    {
      name: 'the machine has no time limit',
      change: replace('"TimeoutSeconds":3600,', ''),
      says: /The machine states no TimeoutSeconds/,
    },
    {
      name: 'a route goes elsewhere',
      change: replace('"$.CheckWords"', '"$.checked"'),
      says: /must put its route at ResultPath \$\.CheckWords/,
    },
    { name: 'a route replaces the state', change: replace('"$.CheckWords"', '"$"'), says: /ResultPath \$\.CheckWords/ },
    {
      name: "a container's description is kept",
      change: replace('"ResultPath":null,"TimeoutSeconds":660', '"ResultPath":"$.x","TimeoutSeconds":660'),
      says: /must discard the task's description/,
    },
    {
      name: "a Map's outputs are kept",
      change: replace('"ResultPath":null,"Next":"WriteReport"', '"Next":"WriteReport"'),
      says: /CountShards keeps the outputs/,
    },
    {
      name: 'other context is used',
      change: replace('$$.Execution.Name', '$$.Execution.StartTime'),
      says: /uses \$\$\.Execution\.StartTime/,
    },
    {
      name: 'Map context is used outside ItemSelector',
      change: replace('"$.plan.SplitWords"', '"$$.Map.Item.Value"'),
      says: /PlanSplitWords uses \$\$\.Map\.Item\.Value/,
    },
    {
      name: 'a variable of the environment is missing',
      change: replace('{"Name":"STEPREEL_DEVICE","Value":"cpu"}', '{"Name":"X","Value":"y"}'),
      says: /must set exactly the environment/,
    },
    {
      name: 'a container is told another step',
      change: replace('"Value":"SplitWords"', '"Value":"SplitWord"'),
      says: /must set exactly the environment/,
    },
    {
      name: 'a shard is not told which it is',
      change: replace(`{"Name":"STEPREEL_SHARD","Value.$":"States.Format('{}', $.shard)"}`, '{"Name":"S","Value":"0"}'),
      says: /CountLetters must set exactly/,
    },
    {
      name: 'a task is not asked for at the size of its job',
      change: replace("States.Format('{}', $.size.SplitWords.Memory)", '4096'),
      says: /SplitWords must ask in Overrides for the job's size/,
    },
    {
      name: 'a shard is not told the sizes',
      change: replace('"size.$":"$.size",', ''),
      says: /CountShards must hand on the sizes/,
    },
    {
      name: 'a payload lacks the execution',
      change: replace(',"execution.$":"$$.Execution.Name"', ''),
      says: /must have the Parameters/,
    },
    {
      name: 'nothing asks the plan',
      change: replace('"$.plan.SplitWords"', '"$.plan.Split"'),
      says: /No Choice asks \$\.plan\.SplitWords/,
    },
    {
      name: 'refusals are not caught',
      change: replace('"ErrorEquals":["InputError","InputNotFoundError","MediaError"]', '"ErrorEquals":["InputError"]'),
      says: /must catch InputError, InputNotFoundError, MediaError/,
    },
    {
      name: 'a refusal is kept elsewhere',
      change: replace('"$.rejected"', '"$.error"'),
      says: /keep a refusal at ResultPath \$\.rejected/,
    },
    {
      name: 'everything is caught',
      change: replace('["InputError","InputNotFoundError","MediaError"]', '["States.ALL"]'),
      says: /not exactly the refusals/,
    },
    {
      name: 'an error is caught into another state',
      change: replace('"Next":"JobRejected"', '"Next":"JobSucceeded"'),
      says: /only JobRejected and the CPU twin/,
    },
  ])('$name', ({ change, says }) => {
    expect(problemsAfter(change).join('\n')).toMatch(says);
  });
});

describe('a step that runs on GPU and CPU', () => {
  const twins: Workload = {
    ...workload,
    steps: { ...workload.steps, SplitWords: { ...workload.steps.SplitWords!, devices: ['gpu', 'cpu'] } as never },
  };

  it('needs its CPU twin, a catch into it, and the device in its environment', () => {
    const problems = checkMachine(toyMachine(), twins);
    expect(problems).toContain('SplitWords runs on GPU and CPU, and no Task state is called SplitWordsOnCpu.');
    expect(problems).toContain('SplitWords must catch a missing GPU into SplitWordsOnCpu.');
    expect(problems.join('\n')).toMatch(/SplitWords must ask in ContainerOverrides for the job's size/);
    expect(problems.some((problem) => problem.includes('"STEPREEL_DEVICE":"gpu"'))).toBe(true);
    expect(problems.some((problem) => problem.includes('"STEPREEL_PLANNED_DEVICE":"$.device"'))).toBe(true);
  });

  it('has a state that says OnCpu, which another step must not have', () => {
    const problems = checkMachine(
      JSON.parse(JSON.stringify(toyMachine()).replaceAll('"SplitWords"', '"SplitWordsOnCpu"')) as Machine,
      workload,
    );
    expect(problems).toContain('SplitWordsOnCpu is a Task state, and toy has no such step.');
  });
});
