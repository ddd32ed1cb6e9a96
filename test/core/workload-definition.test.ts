import { describe, expect, it } from 'vitest';
import { definitionProblems, definitionSchema } from '#core/workload-definition';

const whole = {
  contract: 1,
  name: 'own-model',
  version: '0.1.0',
  title: 'Own',
  description: 'Own.',
  params: { type: 'object', properties: { model: { type: 'string' } } },
  steps: { RunModel: { command: ['./run', '{params.model}'] } },
};
const problemsOf = (changes: object) => definitionProblems(definitionSchema.parse({ ...whole, ...changes }));
const step = { command: ['./run'] };

it('a definition needs little: what it does not say has a sensible value', () => {
  expect(definitionSchema.parse(whole)).toMatchObject({
    input: { min: 1, max: 1, endings: [] },
    machine: 'single-task',
    steps: { RunModel: { door: 'wrapped', devices: ['cpu'], runSeconds: 600, graceSeconds: 30, models: {} } },
  });
  expect(problemsOf({})).toEqual([]);
});

describe('a definition that contradicts itself is told', () => {
  it.each([
    { name: 'two steps in a single task', changes: { steps: { A: step, B: step } }, says: /single-task has 1 step/ },
    {
      name: 'one step in two',
      changes: { machine: 'extract-infer-report' },
      says: /has 2 steps, and the definition has 1/,
    },
    {
      name: 'a name of ours',
      changes: { steps: { WriteReport: step } },
      says: /WriteReport is a step of the platform/,
    },
    { name: 'the name of a twin', changes: { steps: { InferOnCpu: step } }, says: /ends in OnCpu/ },
    { name: 'no input possible', changes: { input: { min: 2, max: 1 } }, says: /input.min is 2 and input.max is 1/ },
    { name: 'parameters that are no object', changes: { params: { type: 'array' } }, says: /type "object"/ },
    {
      name: 'a parameter that there is not',
      changes: { steps: { RunModel: { ...step, command: ['./run', '{params.size}'] } } },
      says: /RunModel names a parameter size/,
    },
  ])('$name', ({ changes, says }) => expect(problemsOf(changes).join('\n')).toMatch(says));
});

it.each([
  { name: 'Own_Model' },
  { version: '1' },
  { steps: { runModel: step } },
  { steps: { RunModel: { ...step, graceSeconds: 121 } } },
  { example: ['../secret.txt'] },
  { machine: '../machine.asl.json' },
  { surprise: true },
])('%j is refused by its schema', (changes) => {
  expect(definitionSchema.safeParse({ ...whole, ...changes }).success).toBe(false);
});
