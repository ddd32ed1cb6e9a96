import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Corners, iou } from '#annotation/boxes';
import type { Candidate } from '#annotation/detections';
import { suppress } from '#annotation/nms';

const MANY = Number.POSITIVE_INFINITY;

function box(x: number, score: number, classIndex = 0): Candidate {
  return { corners: [x, 0, x + 10, 10], score, classIndex };
}

describe('suppress', () => {
  it.each([
    { name: 'keeps boxes apart, best first', boxes: [box(0, 0.2), box(50, 0.9)], iou: 0.5, kept: [1, 0] },
    { name: 'drops the worse of two that overlap', boxes: [box(0, 0.2), box(2, 0.9)], iou: 0.5, kept: [1] },
    { name: 'keeps both when they are of two classes', boxes: [box(0, 0.2), box(2, 0.9, 1)], iou: 0.5, kept: [1, 0] },
    { name: 'keeps both at exactly the limit', boxes: [box(0, 0.9), box(5, 0.2)], iou: 1 / 3, kept: [0, 1] },
    { name: 'keeps no overlap at limit 0', boxes: [box(0, 0.9), box(9.9, 0.2), box(10, 0.1)], iou: 0, kept: [0, 2] },
    { name: 'keeps even the same box at limit 1', boxes: [box(0, 0.9), box(0, 0.9)], iou: 1, kept: [0, 1] },
    { name: 'keeps the first of equal scores', boxes: [box(0, 0.9), box(1, 0.9)], iou: 0.5, kept: [0] },
    {
      name: 'lets a dropped box drop nobody',
      boxes: [box(0, 0.9), box(4, 0.8), box(8, 0.7)],
      iou: 0.3,
      kept: [0, 2],
    },
  ])('$name', ({ boxes, iou, kept }) => {
    expect(suppress(boxes, { iou, maxDetections: MANY })).toEqual(kept.map((at) => boxes[at]));
  });

  it('keeps the best of all classes when there may not be more', () => {
    const boxes = [box(0, 0.5), box(20, 0.9, 1), box(40, 0.7), box(60, 0.6, 1)];
    expect(suppress(boxes, { iou: 0.5, maxDetections: 2 })).toEqual([boxes[1], boxes[2]]);
  });

  it('agrees with comparing every pair', () => {
    const coordinate = fc.integer({ min: 0, max: 40 });
    const size = fc.integer({ min: 1, max: 20 });
    const candidate = fc.record({
      corners: fc.tuple(coordinate, coordinate, size, size).map(([x, y, w, h]): Corners => [x, y, x + w, y + h]),
      score: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
      classIndex: fc.integer({ min: 0, max: 2 }),
    });
    const limit = fc.constantFrom(0, 0.1, 0.45, 0.7, 1);
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 40 }), limit, fc.integer({ min: 1, max: 40 }), (all, limit, max) => {
        const rule = { iou: limit, maxDetections: max };
        expect(suppress(all, rule)).toEqual(suppressByDefinition(all, limit).slice(0, max));
      }),
    );
  });

  it('is done with ten thousand candidates at once', () => {
    const crowd = Array.from({ length: 10_000 }, (_, at) => box((at * 7919) % 5000, ((at * 104729) % 9973) / 9973));
    const kept = suppress(crowd, { iou: 0.45, maxDetections: MANY });
    for (const [at, { corners }] of kept.entries()) {
      expect(kept.slice(at + 1, at + 20).every((other) => iou(corners, other.corners) <= 0.45)).toBe(true);
    }
    expect(kept.length).toBeGreaterThan(300);
  });
});

/** Again and again the best that is left, and without all that overlap it. */
function suppressByDefinition(all: Candidate[], limit: number): Candidate[] {
  const left = all.map((candidate, order) => ({ candidate, order }));
  const kept: Candidate[] = [];
  while (left.length > 0) {
    left.sort((a, b) => b.candidate.score - a.candidate.score || a.order - b.order);
    const { candidate: best } = left.shift()!;
    kept.push(best);
    for (let at = left.length - 1; at >= 0; at -= 1) {
      const { candidate } = left[at]!;
      if (candidate.classIndex === best.classIndex && iou(candidate.corners, best.corners) > limit) left.splice(at, 1);
    }
  }
  return kept;
}
