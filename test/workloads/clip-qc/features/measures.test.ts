import { describe, expect, it } from 'vitest';
import { measurePair } from '#workloads/clip-qc/features/frame-pair';
import { histogramCorrelation, histogramOf } from '#workloads/clip-qc/features/histogram';
import { cropOf, greyOf } from '#workloads/clip-qc/features/picture';
import { resizeLinear } from '#workloads/clip-qc/features/resize';
import { maxOf, meanOf, stdOf, varianceOf } from '#workloads/clip-qc/features/statistics';
import { similarityByPatch, structuralSimilarity } from '#workloads/clip-qc/features/structural-similarity';
import { drawGrey, drawPicture } from '../pictures.ts';
import { reference } from '../reference.ts';

const measured = (index: number, width: number, height: number, change = 0) => {
  const picture = drawPicture(index, width, height, change);
  const grey = greyOf(picture);
  return { ...picture, ...grey, histogram: histogramOf(grey) };
};

describe.each(reference.pairs)('two frames, $width x $height, changed by $change sixteenths', (expected) => {
  const { index, width, height, change } = expected;
  const [a, b] = [measured(index, width, height), measured(index, width, height, change)];
  const pair = measurePair(a, b, { spikeThreshold: 0.85, patchGrid: [4, 4] });

  it('are as alike as scikit-image finds them, in whole and in patches', () => {
    const { whole, patches } = similarityByPatch(a, b, 4, 4);
    expect(whole).toBeCloseTo(expected.ssim, 10);
    expect(structuralSimilarity(a, b)).toBe(whole);
    for (const [at, patch] of patches.entries()) expect(patch).toBeCloseTo(expected.patches[at]!, 10);
    expect(pair.patchInstability).toBe(expected.patches.filter((ssim: number) => ssim < 0.85).length / 16);
  });

  it('differ as numpy computes it', () => {
    expect(pair.mae).toBeCloseTo(expected.mae, 10);
    expect(pair.histogramCorrelation).toBeCloseTo(expected.histogramCorrelation, 10);
  });

  it('are least alike in the patch that is named', () => {
    const worst = expected.patches.indexOf(Math.min(...expected.patches));
    const [x1, y1, x2, y2] = pair.worstPatch;
    const [column, row] = [worst % 4, Math.floor(worst / 4)];
    if (change > 0) expect([x1, y1]).toEqual([Math.floor((column * width) / 4), Math.floor((row * height) / 4)]);
    expect(x2 - x1).toBeGreaterThanOrEqual(Math.floor(width / 4));
    expect(y2).toBeLessThanOrEqual(height);
  });
});

describe('pictures smaller than the SSIM window', () => {
  it.each(reference.smallPictures)('of $width x $height are seen through a window that fits', (expected) => {
    const { index, width, height, change, ssim } = expected;
    const [a, b] = [drawGrey(index, width, height), drawGrey(index, width, height, change)];
    expect(structuralSimilarity(a, b)).toBeCloseTo(ssim, 10);
  });

  it('of one pixel have a likeness, and the same one is alike', () => {
    const pixel = (value: number) => ({ width: 1, height: 1, grey: Uint8Array.of(value) });
    expect(structuralSimilarity(pixel(90), pixel(90))).toBe(1);
    expect(structuralSimilarity(pixel(0), pixel(255))).toBeLessThan(0.01);
  });

  it('of no pixel are alike', () => {
    const nothing = { width: 0, height: 4, grey: new Uint8Array() };
    expect(structuralSimilarity(nothing, nothing)).toBe(1);
  });

  it('have as many patches as any other', () => {
    expect(similarityByPatch(drawGrey(0, 9, 3), drawGrey(1, 9, 3), 4, 4).patches).toHaveLength(16);
  });
});

describe('resizing', () => {
  it.each(reference.resized)('$width x $height to $to is what OpenCV makes, to a level', (expected) => {
    const { index, width, height, to, pixels } = expected;
    const { grey } = resizeLinear(drawGrey(index, width, height), ...to);
    const worst = Math.max(...grey.map((value, at) => Math.abs(value - pixels[at]!)));
    expect(worst).toBeLessThanOrEqual(1);
  });
});

describe('cropping', () => {
  const picture = drawGrey(0, 20, 10);
  it.each([
    { name: 'a box at the border loses what is outside', box: [-5, -5, 4, 3] as const, size: [4, 3] },
    { name: 'a box of no size is an empty picture', box: [5, 5, 5, 9] as const, size: [0, 4] },
    { name: 'a box outside is an empty picture', box: [30, 2, 40, 6] as const, size: [0, 4] },
  ])('$name', ({ box, size }) => {
    const { width, height, grey } = cropOf(picture, box);
    expect([width, height]).toEqual(size);
    expect(grey).toHaveLength(width * height);
  });
});

describe('statistics', () => {
  it.each(reference.statistics)('of $values are those of the population', (expected) => {
    const { values, mean, max, variance, std } = expected;
    expect(meanOf(values)).toBeCloseTo(mean, 12);
    expect(maxOf(values)).toBe(max);
    expect(varianceOf(values)).toBeCloseTo(variance, 12);
    expect(stdOf(values)).toBeCloseTo(std, 12);
  });

  it('of nothing are 0', () => {
    expect([meanOf([]), maxOf([]), varianceOf([]), stdOf([])]).toEqual([0, 0, 0, 0]);
  });

  it('a flat histogram correlates with everything', () => {
    expect(
      histogramCorrelation(
        new Uint32Array(256).fill(3),
        Uint32Array.from({ length: 256 }, (_, at) => at),
      ),
    ).toBe(1);
  });
});
