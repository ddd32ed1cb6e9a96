import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaOf, boxOf, type Corners, clip, cornersOf, cornersOfCentre, iou, roundBox } from '#annotation/boxes';

const edge = fc.integer({ min: -50_000, max: 150_000 }).map((hundredths) => hundredths / 100);
const corners = fc
  .tuple(edge, edge, edge, edge)
  .map(([x1, y1, x2, y2]): Corners => [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)]);

describe('iou', () => {
  it.each<{ name: string; a: Corners; b: Corners; expected: number }>([
    { name: 'is 1 for the same box', a: [0, 0, 10, 10], b: [0, 0, 10, 10], expected: 1 },
    { name: 'is 1/3 for boxes that share a half of each', a: [0, 0, 10, 10], b: [5, 0, 15, 10], expected: 1 / 3 },
    { name: 'is the share for a box in a box', a: [0, 0, 10, 10], b: [2, 2, 7, 7], expected: 0.25 },
    { name: 'is 0 for boxes that touch', a: [0, 0, 10, 10], b: [10, 0, 20, 10], expected: 0 },
    { name: 'is 0 for boxes too small to have an area', a: [0, 0, 5e-324, 1e-9], b: [0, 0, 5e-324, 1e-9], expected: 0 },
    { name: 'is 0 for empty boxes', a: [3, 3, 3, 3], b: [3, 3, 3, 3], expected: 0 },
  ])('$name', ({ a, b, expected }) => expect(iou(a, b)).toBeCloseTo(expected, 12));

  it('is the same both ways, and from 0 to 1', () => {
    fc.assert(
      fc.property(corners, corners, (a, b) => {
        const value = iou(a, b);
        expect(value).toBe(iou(b, a));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe('clip', () => {
  it.each<{ name: string; box: Corners; expected: Corners }>([
    { name: 'leaves a box inside alone', box: [1, 2, 3, 4], expected: [1, 2, 3, 4] },
    { name: 'cuts what sticks out', box: [-5, -5, 700, 500], expected: [0, 0, 640, 480] },
    { name: 'makes a box outside empty', box: [700, 10, 720, 20], expected: [640, 10, 640, 20] },
    { name: 'makes a box that is inside out empty', box: [30, 10, 20, 20], expected: [30, 10, 30, 20] },
  ])('$name', ({ box, expected }) => expect(clip(box, { width: 640, height: 480 })).toEqual(expected));
});

describe('conversions', () => {
  it('go from centre to corners to box', () => {
    expect(cornersOfCentre(10, 20, 4, 6)).toEqual([8, 17, 12, 23]);
    expect(boxOf([8, 17, 12, 23])).toEqual([8, 17, 4, 6]);
    expect(cornersOf([8, 17, 4, 6])).toEqual([8, 17, 12, 23]);
    expect(areaOf([8, 17, 12, 23])).toBe(24);
  });

  it('keep a box inside the picture when it is rounded', () => {
    fc.assert(
      fc.property(corners, (box) => {
        const [x, y, width, height] = roundBox(clip(box, { width: 641, height: 479 }));
        expect(Math.min(x, y, width, height)).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(641 + 1e-9);
        expect(y + height).toBeLessThanOrEqual(479 + 1e-9);
        for (const value of [x, y, width, height]) expect(Number(value.toFixed(2))).toBe(value);
      }),
    );
  });
});
