import { expect, it } from 'vitest';
import { gateObjections } from '#inference/model-gate';
import { modelSchema } from '#inference/models';

const sha256 = 'a'.repeat(64);
const model = (gate?: Record<string, number>) =>
  modelSchema.parse({
    ...{ name: 'mine', version: '1.0.0', license: 'MIT', task: 'custom', weights: { file: 'w', sha256 } },
    ...(gate ? { gate } : {}),
  });
const gate = { recall: 0.9, precision: 0.8 };

it.each([
  { name: 'reached exactly', metrics: { recall: 0.9, precision: 0.8, more: 0 }, objections: [] },
  {
    name: 'one too low',
    metrics: { recall: 0.89, precision: 1 },
    objections: ['recall is 0.89, at least 0.9 is needed'],
  },
  {
    name: 'one not measured',
    metrics: { recall: 1 },
    objections: ['the evaluation says nothing of precision, at least 0.8 is needed'],
  },
])('a gate that is $name', ({ metrics, objections }) => {
  expect(gateObjections(model(gate), { model: { sha256 }, metrics })).toEqual(objections);
});

it('an evaluation of other weights counts for nothing, and a model without a gate is not promoted', () => {
  const measures = { model: { sha256: 'b'.repeat(64) }, metrics: { recall: 1, precision: 1 } };
  expect(() => gateObjections(model(gate), measures)).toThrow('The evaluation is of other weights');
  expect(() => gateObjections(model(), measures)).toThrow('mine@1.0.0 has no gate');
});
