import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadMachine, placeholdersIn } from '#asl/load';
import { containerTask, lambdaTask, machineOf } from '../helpers/machine.ts';
import { aFolder } from '../helpers/state-folder.ts';

async function fileOf(text: string): Promise<string> {
  const file = join(aFolder(), 'toy.asl.json');
  await writeFile(file, text);
  return file;
}

it('puts what the dictionary says in the place of each placeholder, inside texts too', async () => {
  const machine = machineOf({
    Cut: containerTask(`\${Cut}`, { SUBNETS: `States.StringSplit('\${Subnets}', ',')` }),
  });
  const loaded = await loadMachine(await fileOf(JSON.stringify(machine)), (name) => `arn:${name}`);
  expect(JSON.stringify(loaded)).toContain('"TaskDefinition":"arn:Cut"');
  expect(JSON.stringify(loaded)).toContain("States.StringSplit('arn:Subnets', ',')");
});

it('lists the names of placeholders once each', () => {
  const machine = machineOf({ A: lambdaTask(`\${A}`, { Next: 'B' }), B: lambdaTask(`\${A}`) });
  expect(placeholdersIn(machine)).toEqual(['A']);
});

it('tells what is wrong with a file that is not JSON', async () => {
  await expect(loadMachine(await fileOf('{'), String)).rejects.toThrow(/toy\.asl\.json is not JSON/);
});

const parallel = { Type: 'Parallel', Branches: [] };
const choice = { Type: 'Choice', Choices: [], Default: 'Cut' };

it.each([
  { name: 'a Parallel state', state: parallel, problem: /Cut is a Parallel state/ },
  {
    name: 'another integration',
    state: lambdaTask('Cut', { Resource: 'arn:aws:states:::sqs:sendMessage' }),
    problem: /Cut calls .*sqs/,
  },
  {
    name: 'a distributed Map',
    state: {
      Type: 'Map',
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'X', States: { X: choice } },
    },
    problem: /mode DISTRIBUTED/,
  },
  {
    name: 'a wait until a time',
    state: { Type: 'Wait', Timestamp: '2026-01-01T00:00:00Z' },
    problem: /waits until a time/,
  },
  {
    name: 'a catch of every failed task',
    state: lambdaTask('Cut', { Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Cut' }] }),
    problem: /catches States\.TaskFailed/,
  },
])('refuses $name, which it would not run as AWS does', async ({ state, problem }) => {
  const file = await fileOf(JSON.stringify({ StartAt: 'Cut', States: { Cut: state } }));
  await expect(loadMachine(file, String)).rejects.toThrow(problem);
});
