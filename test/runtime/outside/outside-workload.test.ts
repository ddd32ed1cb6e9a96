import { describe, expect, it } from 'vitest';
import type { standardMachine } from '#asl/standard-machine';
import { loadOutside } from '#runtime/outside/outside-workload';
import { aWorkloadFolder } from '../../helpers/programs.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const command = ['./run'];

it('a folder’s definition is a workload like every other, with our steps around its own', async () => {
  const params = { type: 'object', properties: { size: { type: 'integer', default: 3 } }, additionalProperties: false };
  const workload = await loadOutside(
    aWorkloadFolder('', { params, steps: { RunModel: { command, models: { A: 'a@1.0.0' }, vcpu: 4 } } }),
  );
  expect(Object.keys(workload.steps)).toEqual(['ValidateInput', 'RunModel', 'WriteReport']);
  expect(workload.steps.RunModel).toMatchObject({ runs: 'container', vcpu: 4, devices: ['cpu'] });
  expect(workload.params.parse({})).toEqual({ size: 3 });
  expect(workload.params.safeParse({ sise: 3 }).success).toBe(false);
  expect(workload.steps.RunModel!.models!({})).toEqual(['a@1.0.0']);
  expect(await (await workload.example!()).drawExample('')).toMatchObject([{ name: 'example.txt' }]);
});

it('a machine of its own is checked as ours are', async () => {
  const { outside } = await loadOutside(aWorkloadFolder(''));
  const machine = structuredClone(outside!.machine) as ReturnType<typeof standardMachine>;
  machine.TimeoutSeconds = 3_600;
  const folder = aWorkloadFolder('', { machine: 'own.asl.json' }, { 'own.asl.json': JSON.stringify(machine) });
  expect((await loadOutside(folder)).outside!.machine).toMatchObject({ TimeoutSeconds: 3_600 });
});

describe('a workload whose definition does not fit its machine is refused with the difference', () => {
  const misfit = async (change: (machine: ReturnType<typeof standardMachine>) => void, steps?: object) => {
    const { outside } = await loadOutside(aWorkloadFolder(''));
    const machine = structuredClone(outside!.machine) as ReturnType<typeof standardMachine>;
    change(machine);
    const definition = { machine: 'own.asl.json', ...(steps && { steps }) };
    return loadOutside(aWorkloadFolder('', definition, { 'own.asl.json': JSON.stringify(machine) }));
  };

  it.each([
    {
      name: 'a step without a state',
      steps: { RunModel: { command }, Render: { command } },
      says: /- own-model has a step Render, and no Task state is called so\./,
    },
    {
      name: 'a state without a step',
      steps: { Render: { command } },
      says: /- RunModel is a Task state, and own-model has no such step/,
    },
    {
      name: 'another retry policy',
      change: (machine: ReturnType<typeof standardMachine>) => Object.assign(machine.States.RunModel!, { Retry: [] }),
      says: /- RunModel has another Retry than RETRY_CONTAINER/,
    },
    {
      name: 'no time limit',
      change: (machine: ReturnType<typeof standardMachine>) => delete machine.TimeoutSeconds,
      says: /- The machine states no TimeoutSeconds/,
    },
  ])('$name', async ({ change = () => {}, steps, says }) => {
    await expect(misfit(change, steps)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(says),
    });
  });
});

it.each([
  { name: 'JSON that is none', files: { 'workload.json': '{' }, says: /is not JSON/ },
  { name: 'a field too much', definition: { extra: 1 }, says: /Unrecognized key: "extra"/ },
  {
    name: 'a schema that is none',
    definition: { params: { type: 'object', properties: { a: { $ref: '#/x' } } } },
    says: /JSON Schema of params can't be used/,
  },
  {
    name: 'a machine that is not there',
    definition: { machine: 'gone.asl.json' },
    says: /gone.asl.json can't be read/,
  },
])('$name is told', async ({ files = {}, definition = {}, says }) => {
  await expect(loadOutside(aWorkloadFolder('', definition, files as Record<string, string>))).rejects.toThrow(says);
});

it('a folder without a definition is told how to get one', async () => {
  await expect(loadOutside(aFolder())).rejects.toMatchObject({
    name: 'InputNotFoundError',
    message: expect.stringContaining('stepreel init'),
  });
});
