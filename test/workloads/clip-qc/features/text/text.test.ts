import { describe, expect, it } from 'vitest';
import { monotonicRatio, rollingVariances } from '#workloads/clip-qc/features/text/confidence-trend';
import { editsBetween } from '#workloads/clip-qc/features/text/edit-distance';
import { matchRegions, overlapOf } from '#workloads/clip-qc/features/text/match-regions';
import { changeOf, cropSimilarity } from '#workloads/clip-qc/features/text/text-change';
import { TEXT_FEATURES, textFeatures } from '#workloads/clip-qc/features/text/text-features';
import { drawGrey } from '../../pictures.ts';
import { reference } from '../../reference.ts';

const BOX = [10, 10, 60, 24] as const;
const region = (text: string, confidence = 0.9, box: readonly [number, number, number, number] = BOX) => ({
  text,
  confidence,
  box,
});
const steady = drawGrey(0, 100, 40);
/** Features of one text region whose text changes from frame to frame on a scene of this likeness. */
function featuresOf(texts: string[], { globalSsim = 0.99, confidences = texts.map(() => 0.9) } = {}) {
  const frames = texts.map((text, at) => [region(text, confidences[at])]);
  const changes = frames
    .slice(1)
    .map((regions, pair) => changeOf([frames[pair]![0]!, regions[0]!], [steady, steady], { pair, globalSsim }));
  return textFeatures(frames, changes, 7);
}

describe('the distance of two texts', () => {
  it.each(reference.edits)('$from to $to is what RapidFuzz computes', (expected) => {
    const { from, to, distance } = expected;
    const edits = editsBetween(from, to);
    expect(edits.distance).toBe(distance);
    expect(edits.replaced + edits.added + edits.removed).toBe(distance);
    expect(edits.added - edits.removed).toBe([...to].length - [...from].length);
  });

  it('counts replacements first where several ways are as short', () => {
    expect(editsBetween('ab', 'ba')).toEqual({ distance: 2, replaced: 2, added: 0, removed: 0 });
  });

  it('counts a character outside the basic plane once', () => {
    expect(editsBetween('a😀', 'a')).toMatchObject({ distance: 1, removed: 1 });
  });
});

describe('matching regions', () => {
  it.each([
    { name: 'the same box', a: [0, 0, 10, 10], b: [0, 0, 10, 10], overlap: 1 },
    { name: 'half of it', a: [0, 0, 10, 10], b: [5, 0, 15, 10], overlap: 1 / 3 },
    { name: 'boxes that touch', a: [0, 0, 10, 10], b: [10, 0, 20, 10], overlap: 0 },
    { name: 'a box without area', a: [0, 0, 0, 10], b: [0, 0, 10, 10], overlap: 0 },
  ] as const)('$name overlaps by $overlap', ({ a, b, overlap }) => {
    expect(overlapOf(a, b)).toBeCloseTo(overlap, 12);
  });

  it('takes the best that is free, in the order of the first frame', () => {
    const [a, b] = [region('a', 1, [0, 0, 100, 10]), region('b', 1, [10, 0, 110, 10])];
    const [x, y] = [region('x', 1, [10, 0, 110, 10]), region('y', 1, [30, 0, 130, 10])];
    expect(matchRegions([a, b], [x, y], 0.3)).toEqual([
      [a, x],
      [b, y],
    ]);
    expect(matchRegions([a], [region('far', 1, [80, 0, 180, 10])], 0.3)).toEqual([]);
  });
});

describe('features of text', () => {
  it('are 29, each with a name of its own', () => {
    expect(new Set(TEXT_FEATURES).size).toBe(29);
    expect(Object.keys(featuresOf(['A', 'B']))).toEqual([...TEXT_FEATURES]);
  });

  it('are all 0 for a clip without text, and as many', () => {
    const features = textFeatures([[], [], []], [], 7);
    expect(Object.keys(features)).toEqual([...TEXT_FEATURES]);
    expect(Object.values(features).every((value) => value === 0)).toBe(true);
  });

  it('show a mutation on a stable scene', () => {
    const features = featuresOf(['OPEN DAILY', 'OPXM DQILY', 'OPEN DAILY', 'OPEN DAILY']);
    expect(features.edit_distance_max).toBe(3);
    expect(features.edit_distance_mean).toBe(2);
    expect(features.substitution_ratio_mean).toBeGreaterThan(0.5);
    expect(features.global_ssim_at_instability_mean).toBeGreaterThan(0.9);
    expect(features.text_vs_scene_instability_ratio_max).toBeCloseTo(30, 6);
  });

  it('are still for stable text', () => {
    const features = featuresOf(['OPEN', 'OPEN', 'OPEN']);
    const moving = TEXT_FEATURES.filter((name) => /edit|delta|shift|substitution|ratio_m|variance/.test(name));
    for (const name of moving) expect(features[name], name).toBeCloseTo(0, 15);
    expect(features).toMatchObject({ has_text_regions: 1, frames_with_text_ratio: 1, num_text_regions_detected: 3 });
    expect(features.global_ssim_at_instability_min).toBe(1);
  });

  it('keep the flag and the counts when no text could be followed from frame to frame', () => {
    const features = textFeatures([[region('A')], [], [region('A')]], [], 7);
    expect(features).toMatchObject({ has_text_regions: 1, num_text_regions_detected: 2, edit_distance_max: 0 });
    expect(features.frames_with_text_ratio).toBeCloseTo(2 / 3, 12);
  });

  it('show few replacements when blur lets characters disappear', () => {
    expect(featuresOf(['OPEN DAILY', 'OPEN DAIL', 'OPEN DA', 'OEN']).substitution_ratio_mean).toBe(0);
  });

  it('stay finite on a scene that does not move at all', () => {
    const features = featuresOf(['OPEN', 'SHUT'], { globalSsim: 1 });
    for (const [name, value] of Object.entries(features)) expect(Number.isFinite(value), name).toBe(true);
  });

  it('count characters, not text that is not there', () => {
    expect(featuresOf(['', 'ABC']).text_vs_scene_instability_ratio_max).toBeCloseTo(300, 6);
  });
});

describe('the likeness of two crops', () => {
  it('is 1 where one of them is empty', () => {
    expect(cropSimilarity(drawGrey(0, 20, 10), { width: 0, height: 3, grey: new Uint8Array() })).toBe(1);
  });

  it('is taken at the smaller size of both', () => {
    expect(cropSimilarity(drawGrey(0, 40, 20), drawGrey(0, 30, 22))).toBeLessThan(1);
    expect(cropSimilarity(drawGrey(0, 40, 20), drawGrey(0, 40, 20))).toBe(1);
  });
});

describe('the trend of confidence', () => {
  it.each([
    { name: 'a window over all when there are few', values: [1, 3], window: 7, variances: [1] },
    { name: 'every window when there are many', values: [1, 3, 3], window: 2, variances: [1, 0] },
    { name: 'none for one frame', values: [1], window: 7, variances: [] },
  ])('has $name', ({ values, window, variances }) => {
    expect(rollingVariances(values, window)).toEqual(variances);
  });

  it.each([
    { name: 'blur that grows', values: [0.9, 0.8, 0.7, 0.5], ratio: 1 },
    { name: 'flicker', values: [0.9, 0.5, 0.9, 0.5, 0.9], ratio: 0.5 },
    { name: 'one frame', values: [0.9], ratio: 0 },
    { name: 'no change at all', values: [0.9, 0.9, 0.9], ratio: 0 },
  ])('is $ratio one-sided for $name', ({ values, ratio }) => {
    expect(monotonicRatio(values)).toBe(ratio);
  });
});
