import { describe, expect, it } from 'vitest';
import { CLIP_FEATURES, FEATURE_SETS, vectorOf } from '#workloads/clip-qc/features/feature-set';
import type { FramePair } from '#workloads/clip-qc/features/frame-pair';
import { histogramOf } from '#workloads/clip-qc/features/histogram';
import { greyOf } from '#workloads/clip-qc/features/picture';
import { persistenceOf } from '#workloads/clip-qc/features/temporal/persistence';
import { findSceneCuts, segmentsBetween } from '#workloads/clip-qc/features/temporal/scene-cuts';
import { diffAccelerations, SEGMENT_FEATURES, STABLE } from '#workloads/clip-qc/features/temporal/segment-features';
import { measureTemporal } from '#workloads/clip-qc/features/temporal/temporal-features';
import { drawPicture } from '../../pictures.ts';

const RULE = {
  ssimBelow: 0.4,
  confirmingPairs: 3,
  confirmedAbove: 0.8,
  minSegmentFrames: 5,
  spikeThreshold: 0.85,
  postSpikePairs: 5,
  persistenceOffset: 5,
};

const pairs = (ssim: number[], change: Partial<FramePair> = {}): FramePair[] =>
  ssim.map((value) => ({
    ssim: value,
    mae: 10 * (1 - value),
    histogramCorrelation: value,
    patchInstability: value < 0.85 ? 1 : 0,
    worstPatch: [0, 0, 1, 1],
    worstPatchSsim: value,
    ...change,
  }));
const steady = (count: number) => Array<number>(count).fill(0.98);

describe('scene cuts', () => {
  it.each([
    { name: 'are found at the right frame', ssim: [...steady(5), 0.2, ...steady(4)], cuts: [5] },
    { name: 'are none in a stable clip', ssim: steady(20), cuts: [] },
    { name: 'are not looked for where too few frames follow', ssim: [...steady(5), 0.2, ...steady(2)], cuts: [] },
    { name: 'are not confirmed by an unstable picture', ssim: [...steady(5), 0.2, 0.98, 0.6, 0.98, 0.98], cuts: [] },
    { name: 'need each of the three pairs, not their mean', ssim: [0.2, 0.99, 0.7, 0.99, 0.99], cuts: [] },
    { name: 'may be the first pair', ssim: [0.2, ...steady(8)], cuts: [0] },
    {
      name: 'are two in a clip of three scenes',
      ssim: [...steady(6), 0.1, ...steady(6), 0.3, ...steady(6)],
      cuts: [6, 13],
    },
    { name: 'are not gradual changes', ssim: Array<number>(20).fill(0.7), cuts: [] },
    { name: 'can not be confirmed where one follows the other', ssim: Array<number>(20).fill(0.2), cuts: [] },
  ])('$name', ({ ssim, cuts }) => expect(findSceneCuts(ssim, RULE)).toEqual(cuts));

  it.each([
    { name: 'a clip without cuts is one segment', frames: 9, cuts: [], segments: [[0, 8]] },
    {
      name: 'an opening segment of five frames counts',
      frames: 12,
      cuts: [4],
      segments: [
        [0, 4],
        [5, 11],
      ],
    },
    { name: 'one of four does not', frames: 12, cuts: [3], segments: [[4, 11]] },
    { name: 'a clip of four frames has none', frames: 4, cuts: [], segments: [] },
  ])('$name', ({ frames, cuts, segments }) => {
    const found = segmentsBetween(frames, cuts, 5).map(({ first, last }) => [first, last]);
    expect(found).toEqual(segments);
  });
});

describe('temporal features', () => {
  it('are 14, in the order of feature set 1', () => {
    expect(SEGMENT_FEATURES).toHaveLength(14);
    expect(Object.keys(measureTemporal(pairs(steady(9)), RULE).features)).toEqual([...SEGMENT_FEATURES]);
  });

  it('leave a cut alone out', () => {
    const { features, cuts, segments } = measureTemporal(pairs([...steady(5), 0.2, ...steady(6)]), RULE);
    expect(cuts).toEqual([5]);
    expect(segments).toHaveLength(2);
    expect(features).toMatchObject({ ssim_min: 0.98, instability_duration: 0, spike_isolation_ratio: 0 });
  });

  it.each([
    { name: 'before a cut', ssim: [0.98, 0.5, 0.98, 0.98, 0.98, 0.98, 0.2, ...steady(6)] },
    { name: 'after a cut', ssim: [...steady(6), 0.2, ...steady(4), 0.5, 0.98, 0.98] },
  ])('show flicker $name', ({ ssim }) => {
    const measured = measureTemporal(pairs(ssim), RULE);
    expect(measured.cuts).toHaveLength(1);
    expect(measured.features.ssim_min).toBe(0.5);
    expect(measured.totalSpikeFrames).toBe(1);
  });

  it('tell of the worst of three segments', () => {
    const ssim = [0.98, 0.8, ...steady(4), 0.1, 0.98, 0.98, 0.98, 0.6, ...steady(3), 0.1, ...steady(4), 0.7, 0.98];
    const measured = measureTemporal(pairs(ssim), RULE);
    expect(measured.segments).toHaveLength(3);
    expect(measured.features.ssim_min).toBe(0.6);
    expect(measured.totalSpikeFrames).toBe(3);
    expect(measured.worstSegmentSpikeRatio).toBeCloseTo(1 / 6, 12);
    expect(measured.spike).toEqual({ pair: 10, before: 7, after: 14 });
  });

  it('take a clip without a segment for stable', () => {
    expect(measureTemporal(pairs([0.3, 0.3]), RULE).features).toEqual(STABLE);
    expect(measureTemporal([], RULE).features).toEqual(STABLE);
  });

  it('measure what flicker looks like', () => {
    const ssim = [0.98, 0.98, 0.6, 0.7, 0.8, 0.98, 0.98, 0.98, 0.98, 0.98];
    const { features } = measureTemporal(pairs(ssim), RULE);
    expect(features.instability_duration).toBe(3);
    expect(features.spike_isolation_ratio).toBeCloseTo(0.3, 12);
    expect(features.post_spike_stability).toBeCloseTo((0.7 + 0.8 + 0.98 * 3) / 5, 12);
    expect(features.patch_instability_mean).toBeCloseTo(0.3, 12);
    expect(features.mae_max).toBeCloseTo(4, 12);
  });

  it('say that nothing follows a spike at the end', () => {
    expect(measureTemporal(pairs([...steady(7), 0.5]), RULE).features.post_spike_stability).toBe(1);
  });

  it('know no acceleration after the last pair', () => {
    expect(diffAccelerations([1, 4, 2])).toEqual([3, 2, 0]);
    expect(diffAccelerations([])).toEqual([]);
  });
});

describe('persistence', () => {
  const frame = (index: number) => {
    const picture = drawPicture(index, 40, 30);
    const grey = greyOf(picture);
    return { ...picture, ...grey, histogram: histogramOf(grey) };
  };

  it('is 0 where the picture came back', () => {
    const back = persistenceOf(frame(1), frame(1));
    expect(back.content_change_persistence).toBe(0);
    expect(back.histogram_shift_persistence).toBeCloseTo(0, 12);
  });

  it('is large where another picture stays', () => {
    expect(persistenceOf(frame(1), frame(3)).content_change_persistence).toBeGreaterThan(0.3);
  });
});

describe('the feature vector', () => {
  const features = Object.fromEntries(FEATURE_SETS[2].map((name, at) => [name, at]));

  it.each([
    { version: 1, length: 43 },
    { version: 2, length: 48 },
  ] as const)('of set $version has $length numbers', ({ version, length }) => {
    const vector = vectorOf(features, version);
    expect([...vector]).toEqual([...Array(length).keys()]);
  });

  it('of set 2 begins with set 1', () => {
    expect(FEATURE_SETS[2]).toEqual([...FEATURE_SETS[1], ...CLIP_FEATURES]);
  });

  it.each([
    { name: 'NaN', value: Number.NaN },
    { name: 'infinity', value: Number.POSITIVE_INFINITY },
    { name: 'a missing feature', value: undefined },
  ])('refuses $name', ({ value }) => {
    expect(() => vectorOf({ ...features, mae_max: value as number }, 1)).toThrow('mae_max');
  });
});
