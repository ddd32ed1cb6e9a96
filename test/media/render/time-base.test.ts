import { expect, it } from 'vitest';
import { outputTimeBase, rescale } from '#media/render/time-base';

const base = (numerator: number, denominator: number) => ({ numerator, denominator });

// Pitfall 47: rational rates, a time stamp for every frame.
it.each([
  { name: '29.97 frames a second', from: base(1001, 30_000), ticks: 1_000_000, expected: 1_001_000_000 },
  { name: 'a time before 0', from: base(1001, 30_000), ticks: -3, expected: -3003 },
  { name: 'a day of 90 kHz', from: base(1, 90_000), ticks: 86_400 * 90_000, expected: 86_400 * 90_000 },
])('ticks of $name are whole numbers in the output', ({ from, ticks, expected }) => {
  expect(rescale(ticks, from, outputTimeBase(from))).toBe(expected);
});

it('a time base that MP4 has no room for becomes microseconds', () => {
  expect(outputTimeBase(base(1, 1_000_000_000))).toEqual(base(1, 1_000_000));
});
