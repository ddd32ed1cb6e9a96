import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { triangleTaps } from '#media/triangle-taps';

/** What each output is made of: pixel by pixel, in parts of 2^14. */
function shares(from: number, to: number): Map<number, number>[] {
  const { spans, weights } = triangleTaps(from, to);
  let at = 0;
  return Array.from({ length: to }, (_, output) => {
    const [first, taps] = [spans[2 * output]!, 2 * spans[2 * output + 1]!];
    const row = Array.from(weights.subarray(at, at + taps), (weight, tap) => [first + tap, weight] as const);
    at += taps;
    return new Map(row.filter(([, weight]) => weight !== 0));
  });
}

describe('triangleTaps', () => {
  it.each([
    { name: 'nothing changes', from: 3, to: 3, expected: [[[0, 1]], [[1, 1]], [[2, 1]]] },
    {
      name: 'two thirds',
      from: 3,
      to: 2,
      expected: [
        [
          [0, 5 / 8],
          [1, 3 / 8],
        ],
        [
          [1, 3 / 8],
          [2, 5 / 8],
        ],
      ],
    },
    {
      name: 'half',
      from: 4,
      to: 2,
      expected: [
        [
          [0, 3 / 7],
          [1, 3 / 7],
          [2, 1 / 7],
        ],
        [
          [1, 1 / 7],
          [2, 3 / 7],
          [3, 3 / 7],
        ],
      ],
    },
    {
      name: 'twice',
      from: 2,
      to: 4,
      expected: [
        [[0, 1]],
        [
          [0, 0.75],
          [1, 0.25],
        ],
        [
          [0, 0.25],
          [1, 0.75],
        ],
        [[1, 1]],
      ],
    },
    {
      name: 'one for all',
      from: 2,
      to: 1,
      expected: [
        [
          [0, 0.5],
          [1, 0.5],
        ],
      ],
    },
  ])('weighs by the distance: $name', ({ from, to, expected }) => {
    for (const [output, found] of shares(from, to).entries()) {
      expect([...found.keys()]).toEqual(expected[output]!.map(([pixel]) => pixel));
      for (const [pixel, part] of expected[output] as [number, number][]) {
        expect(Math.abs(found.get(pixel)! - part * 2 ** 14)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('gives each output the whole, from pixels that there are, for any two sizes', () => {
    const side = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 5000 }));
    fc.assert(
      fc.property(side, side, (from, to) => {
        for (const row of shares(from, to)) {
          expect([...row.values()].reduce((sum, weight) => sum + weight, 0)).toBe(2 ** 14);
          expect(Math.min(...row.keys())).toBeGreaterThanOrEqual(0);
          expect(Math.max(...row.keys())).toBeLessThan(from);
          expect(Math.min(...row.values())).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });
});
