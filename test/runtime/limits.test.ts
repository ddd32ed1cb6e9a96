import { expect, it } from 'vitest';
import { limitsFrom } from '#runtime/limits';
import { SETTINGS } from '../../lib/settings.ts';

it.each(Object.entries(SETTINGS))('those of %s can be read', (_stage, { admission }) => {
  expect(limitsFrom({ STEPREEL_LIMITS: JSON.stringify(admission) })).toEqual(admission);
});

it.each(['', '{}', 'many', '{"cpu":1,"gpu":1,"team":1,"queued":0}', '{"cpu":9999,"gpu":1,"team":1,"queued":1}'])(
  'refuses %j',
  (text) => {
    expect(() => limitsFrom({ STEPREEL_LIMITS: text })).toThrow(/STEPREEL_LIMITS/);
  },
);
