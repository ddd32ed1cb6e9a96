import { expect, it } from 'vitest';
import { MOST_ATTEMPTS } from '#core/notices';
import { secondsToNext } from '#runtime/webhooks/schedule';

const middle = () => 0.5;

it('waits longer after each failure, and never longer than a queue can', () => {
  const waits = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => secondsToNext(index + 1, { random: middle }));
  expect(waits).toEqual([5, 20, 80, 320, 1280, 5120, 20480, 21600, 21600]);
  expect(secondsToNext(50, { random: () => 1 })).toBeLessThan(12 * 60 * 60);
});

it('tries for most of a day', () => {
  const waits = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => secondsToNext(index + 1, { random: middle }));
  const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3600;
  expect(hours).toBeGreaterThan(16);
  expect(hours).toBeLessThan(24);
});

it.each([
  { random: 0, seconds: 15 },
  { random: 1, seconds: 25 },
])('is a quarter off at most, so that all do not come at once', ({ random, seconds }) => {
  expect(secondsToNext(2, { random: () => random })).toBe(seconds);
});

it('waits as long as the receiver asks, within its own limit', () => {
  expect(secondsToNext(1, { asked: 120, random: middle })).toBe(120);
  expect(secondsToNext(5, { asked: 1, random: middle })).toBe(1280);
  expect(secondsToNext(1, { asked: 999_999, random: middle })).toBe(21600);
});
