import { expect, it } from 'vitest';
import { chaosFrom, NO_CHAOS } from '#runtime/chaos/switches';

it('are all off when nothing is set', () => {
  expect(chaosFrom({})).toEqual(NO_CHAOS);
  expect(chaosFrom({ STEPREEL_CHAOS: ' ' })).toEqual(NO_CHAOS);
});

it('are words of one line', () => {
  const text = 'drop-events=0.1 double-events=0.2 deny-capacity=1 kill=50%:0.25 exit=137:0.5 slow-store=20ms';
  expect(chaosFrom({ STEPREEL_CHAOS: text })).toEqual({
    dropEvents: 0.1,
    doubleEvents: 0.2,
    denyCapacity: 1,
    kill: { percent: 50, share: 0.25 },
    exit: { code: 137, share: 0.5 },
    slowStoreMs: 20,
  });
});

it.each([
  'drop-events',
  'drop-events=2',
  'kill=0.5',
  'kill=101%:1',
  'exit=300:1',
  'slow-store=20',
  'constructor=1',
  'x',
])('refuse %s, and say what there is', (text) => {
  expect(() => chaosFrom({ STEPREEL_CHAOS: text })).toThrow(/is no switch\. Expected.*kill=50%:0\.1/);
});

it('refuse production', () => {
  expect(() => chaosFrom({ STEPREEL_CHAOS: 'exit=1:1', STEPREEL_STAGE: 'prod' })).toThrow(/development and staging/);
  expect(chaosFrom({ STEPREEL_CHAOS: 'exit=1:1', STEPREEL_STAGE: 'staging' }).exit).toEqual({ code: 1, share: 1 });
});
