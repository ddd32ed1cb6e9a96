import { describe, expect, it } from 'vitest';
import { compareSamples } from '#inference/drift/compare';
import { featureDrift } from '#inference/drift/stability';

/** Values spread evenly over the normal distribution of a mean and a deviation, without chance. */
const spread = (count: number, mean: number, deviation: number) =>
  Array.from({ length: count }, (_, at) => mean + deviation * quantile((at + 0.5) / count));

// Source: the logistic approximation of the normal quantile, near enough for a test.
const quantile = (share: number) => Math.log(share / (1 - share)) / 1.702;

const counted = (counts: Record<string, number>) =>
  Object.entries(counts).flatMap(([name, count]) => Array.from({ length: count }, () => name));

describe('a feature of numbers', () => {
  it.each([
    { name: 'the same values', recent: spread(500, 0, 1), verdict: 'stable' },
    { name: 'a mean that moved a quarter of a deviation', recent: spread(500, 0.25, 1), verdict: 'stable' },
    { name: 'a mean that moved two fifths of a deviation', recent: spread(500, 0.4, 1), verdict: 'moved' },
    { name: 'a mean that moved a whole deviation', recent: spread(500, 1, 1), verdict: 'drifted' },
    { name: 'the same mean, twice as wide', recent: spread(500, 0, 2), verdict: 'drifted' },
  ])('$name: $verdict', ({ recent, verdict }) => {
    expect(featureDrift('luma', spread(500, 0, 1), recent).verdict).toBe(verdict);
  });

  it('is compared by the tenths of the reference: the index of two known histograms', () => {
    const reference = Array.from({ length: 1000 }, (_, at) => at);
    // All of the upper half is gone: of ten bins five have twice their share, and five almost none.
    const recent = Array.from({ length: 1000 }, (_, at) => Math.floor(at / 2));
    const [full, none] = [(200 + 0.5) / 1005, 0.5 / 1005];
    const [before] = [(100 + 0.5) / 1005];
    const expected = 5 * (full - before) * Math.log(full / before) + 5 * (none - before) * Math.log(none / before);
    expect(featureDrift('place', reference, recent).psi).toBeCloseTo(expected, 1);
    expect(featureDrift('place', reference, reference).psi).toBe(0);
  });

  it('that never changed in the reference has drifted when it changes', () => {
    const reference = Array.from({ length: 50 }, () => 1080);
    expect(featureDrift('height', reference, reference)).toMatchObject({ verdict: 'stable', psi: 0, shift: 0 });
    expect(featureDrift('height', reference, [...reference.slice(25), ...spread(25, 720, 0)])).toMatchObject({
      verdict: 'drifted',
    });
  });
});

it('few values raise no alarm by chance: of a thousand pairs from one population at most twenty', () => {
  let state = 7;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const draw = () => Array.from({ length: 30 }, random);
  const alarms = Array.from({ length: 1000 }, () => featureDrift('x', draw(), draw())).filter(
    ({ verdict }) => verdict !== 'stable',
  );
  expect(alarms.length).toBeLessThanOrEqual(20);
});

describe('a feature of classes', () => {
  const reference = counted({ person: 60, car: 30, cone: 10 });
  it.each([
    { name: 'the same shares', recent: counted({ person: 120, car: 60, cone: 20 }), verdict: 'stable' },
    { name: 'other shares', recent: counted({ person: 20, car: 70, cone: 10 }), verdict: 'drifted' },
    { name: 'a class that was not there', recent: counted({ person: 40, car: 20, truck: 40 }), verdict: 'drifted' },
  ])('$name: $verdict', ({ recent, verdict }) => {
    expect(featureDrift('class', reference, recent)).toMatchObject({ verdict, reference: 100 });
  });
});

describe('samples', () => {
  const twenty = spread(20, 0, 1);
  it('are compared in what they have in common', () => {
    const found = compareSamples({ luma: twenty, seconds: twenty }, { seconds: twenty, score: twenty });
    expect(found.map(({ feature, verdict }) => [feature, verdict])).toEqual([['seconds', 'stable']]);
  });

  it.each([
    {
      name: 'with nothing in common',
      recent: { score: twenty },
      says: 'the reference has luma, the recent inputs have score',
    },
    { name: 'of too few', recent: { luma: twenty.slice(1) }, says: '19 in the recent inputs; at least 20 of each' },
    { name: 'of other kinds', recent: { luma: counted({ a: 20 }) }, says: 'number in the reference and string' },
  ])('$name are refused', ({ recent, says }) => {
    expect(() => compareSamples({ luma: twenty }, recent as object as Record<string, number[]>)).toThrow(says);
  });
});
