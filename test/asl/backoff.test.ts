import { describe, expect, it } from 'vitest';
import { Backoff } from '#asl/backoff';
import { StateError } from '#asl/state-error';

const error = new StateError('TransientError', 'gone for now');

describe('the back-off of a retrier', () => {
  it.each([
    { name: 'defaults to 1 s, doubled, three times', retrier: {}, waits: [1000, 2000, 4000, undefined] },
    {
      name: 'grows by its rate up to its cap',
      retrier: { IntervalSeconds: 15, BackoffRate: 1.5, MaxDelaySeconds: 30, MaxAttempts: 4 },
      waits: [15_000, 22_500, 30_000, 30_000, undefined],
    },
    { name: 'of no attempts is none', retrier: { MaxAttempts: 0 }, waits: [undefined] },
    {
      name: 'with full jitter is a share of the interval',
      retrier: { IntervalSeconds: 4, JitterStrategy: 'FULL', MaxAttempts: 2 },
      random: 0.25,
      waits: [1000, 2000, undefined],
    },
  ])('$name', ({ retrier, waits, random = 1 }) => {
    const backoff = new Backoff([{ ErrorEquals: ['TransientError'], ...retrier }], 'Task', () => random);
    expect(waits.map(() => backoff.next(error))).toEqual(waits);
  });

  it('counts each retrier for itself, and the first that matches decides', () => {
    const retriers = [
      { ErrorEquals: ['CapacityError'], IntervalSeconds: 10, MaxAttempts: 1 },
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1 },
    ];
    const backoff = new Backoff(retriers, 'Task', () => 1);
    expect(backoff.next(new StateError('CapacityError', ''))).toBe(10_000);
    expect(backoff.next(error)).toBe(1000);
    expect(backoff.next(new StateError('CapacityError', ''))).toBeUndefined();
  });

  it('does not exist for a terminal error', () => {
    const backoff = new Backoff([{ ErrorEquals: ['States.ALL'] }], 'Task', () => 1);
    expect(backoff.next(new StateError('States.DataLimitExceeded', '', { terminal: true }))).toBeUndefined();
  });

  it('does not take a time-out for a failed task', () => {
    const backoff = new Backoff([{ ErrorEquals: ['States.TaskFailed'] }], 'Task', () => 1);
    expect(backoff.next(new StateError('States.Timeout', ''))).toBeUndefined();
  });
});
