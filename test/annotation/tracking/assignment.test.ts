import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cheapestAssignment } from '#annotation/tracking/assignment';

it.each([
  {
    name: 'what looks best first may be wrong',
    costs: [
      [1, 2],
      [2, 9],
    ],
    columns: [1, 0],
  },
  { name: 'more columns than rows', costs: [[5, 1, 9]], columns: [1] },
  { name: 'more rows than columns', costs: [[5], [1], [9]], columns: [-1, 0, -1] },
  { name: 'nothing', costs: [], columns: [] },
])('$name', ({ costs, columns }) => expect(cheapestAssignment(costs)).toEqual(columns));

it('costs as little as the best of all permutations', () => {
  const matrix = fc.integer({ min: 1, max: 5 }).chain((size) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: size, maxLength: size }), {
      minLength: size,
      maxLength: size,
    }),
  );
  fc.assert(
    fc.property(matrix, (costs) => {
      const columns = cheapestAssignment(costs);
      expect(new Set(columns).size).toBe(costs.length);
      const total = columns.reduce((sum, column, row) => sum + costs[row]![column]!, 0);
      expect(total).toBe(
        Math.min(
          ...permutations(costs.length).map((order) =>
            order.reduce((sum, column, row) => sum + costs[row]![column]!, 0),
          ),
        ),
      );
    }),
    { numRuns: 200 },
  );
});

function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((shorter) =>
    Array.from({ length: count }, (_, at) => [...shorter.slice(0, at), count - 1, ...shorter.slice(at)]),
  );
}
