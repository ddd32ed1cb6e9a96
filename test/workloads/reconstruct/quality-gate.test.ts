import { describe, expect, it } from 'vitest';
import { judgeQuality, THRESHOLDS } from '#workloads/reconstruct/quality-gate';

const GOOD = {
  ...{ frames: 40, registered: 40, points: 8_000, meanTrackLength: 5, meanReprojectionErrorPixels: 0.5 },
  ...{ coverage: 0.6, pathScale: 1.5 },
};
const FACTS = {
  ...{ pictures: 40, medianFeatures: 3_000, verifiedPairs: 200, medianInliers: 90 },
  ...{ pairsWithoutParallax: 20, connectedPictures: 40 },
};
const engine = { name: 'COLMAP', version: '3.8' };
const matched = (facts: Partial<typeof FACTS>) => ({
  pairing: 'sequential' as const,
  facts: { ...FACTS, ...facts },
  bytes: { database: 1, stored: 1 },
});
const judge = (quality: Partial<typeof GOOD>, facts: Partial<typeof FACTS> = {}) =>
  judgeQuality({ engine, models: [40], quality: { ...GOOD, ...quality }, lost: [] }, matched(facts));

describe('the gate', () => {
  it('lets a good model pass, and shows every measure', () => {
    const { verdict, checks } = judge({});
    expect(verdict).toBe('pass');
    expect(checks.map(({ name }) => name)).toEqual(THRESHOLDS.map(({ name }) => name));
  });

  it.each([
    { name: 'frames are lost', quality: { registered: 37 } },
    { name: 'points are few', quality: { points: 1_200 } },
    { name: 'tracks are short', quality: { meanTrackLength: 2.8 } },
    { name: 'errors are large', quality: { meanReprojectionErrorPixels: 1.3 } },
    { name: 'most of each picture is empty', quality: { coverage: 0.1 } },
    { name: 'the camera hardly moved', quality: { pathScale: 0.1 } },
  ])('warns where $name', ({ quality }) => expect(judge(quality).verdict).toBe('warn'));

  it.each([
    { name: 'most frames are lost', quality: { registered: 19 }, says: /registered frames 0.475.*smooth way/ },
    { name: 'there are hardly points', quality: { points: 300 }, says: /points 7.5.*texture/ },
    { name: 'nothing is confirmed', quality: { meanTrackLength: 2.1 }, says: /track length 2.1.*more frames/ },
    { name: 'errors are huge', quality: { meanReprojectionErrorPixels: 2.1 }, says: /error 2.1 px.*stabilisation/ },
    { name: 'pictures are empty', quality: { coverage: 0.04 }, says: /coverage 0.04.*Fill the picture/ },
    { name: 'the camera stood', quality: { pathScale: 0.02 }, says: /camera path 0.02.*turning on the spot/ },
  ])('refuses, and says how to do better, where $name', ({ quality, says }) => {
    expect(() => judge(quality)).toThrow(says);
    expect(() => judge(quality)).toThrow(expect.objectContaining({ name: 'MediaError' }));
  });

  it('refuses a model of a camera that only turned, however good it looks', () => {
    expect(() => judge({}, { pairsWithoutParallax: 190 })).toThrow(/no parallax: 190 of 200/);
  });
});

describe('where no model came out, the gate says why', () => {
  it.each([
    { name: 'no texture', facts: { medianFeatures: 40 }, says: /only 40 features.*pattern/ },
    {
      name: 'too few matches',
      facts: { verifiedPairs: 12, connectedPictures: 9 },
      says: /too few matches: 12 pairs of 40/,
    },
    { name: 'no parallax', facts: { pairsWithoutParallax: 199 }, says: /no parallax/ },
    { name: 'nothing to begin with', facts: {}, says: /no pair of its 40 frames could begin a model/ },
  ])('$name', ({ facts, says }) => {
    expect(() => judgeQuality({ engine, models: [], lost: [] }, matched(facts))).toThrow(says);
  });
});
