import { expect, it } from 'vitest';
import { bareVerdictSchema, readStdoutLine } from '#core/container-contract';

it.each([
  ['{"progress": {"done": 752, "total": 1000}}', { progress: { done: 752, total: 1000 } }],
  [
    ' { "metric": {"name": "Rows", "value": 1, "unit": "Count"}}',
    { metric: { name: 'Rows', value: 1, unit: 'Count' } },
  ],
  ['{"metric": {"name": "Rows", "value": 1}}', { metric: { name: 'Rows', value: 1 } }],
  ['plain words', undefined],
  ['{"progress": {"done": -1, "total": 10}}', undefined],
  ['{"progress": "half"}', undefined],
  ['{"progress": {"done": 1', undefined],
  ['{"message": "own structured log"}', undefined],
  ['{"metric": {"name": "<b>", "value": 1}}', undefined],
])('the line %s says %j; every line that says nothing is log', (line, said) => {
  expect(readStdoutLine(line)).toEqual(said);
});

it('a bare verdict refuses as InputError or MediaError and no other name', () => {
  const rejected = (name: string) => ({
    contract: 1,
    status: 'rejected',
    error: { name, message: 'no' },
    artifacts: [],
  });
  expect(bareVerdictSchema.safeParse(rejected('MediaError')).success).toBe(true);
  expect(bareVerdictSchema.safeParse(rejected('TransientError')).success).toBe(false);
});
