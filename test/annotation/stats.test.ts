import { describe, expect, it } from 'vitest';
import { toCoco } from '#annotation/formats/coco';
import { datasetStats } from '#annotation/stats';

function found(score: number, classIndex: number, side = 10) {
  return { box: [0, 0, side, side] as const, score, classIndex, label: '' };
}

describe('datasetStats', () => {
  it('counts images, annotations, classes, scores, boxes an image and sizes', () => {
    const size = { width: 640, height: 480 };
    const dataset = toCoco(
      [
        { file: 'a.jpg', ...size, detections: [found(0, 0, 31.9), found(0.25, 0, 32), found(0.3, 5, 95.9)] },
        { file: 'b.jpg', ...size, detections: [] },
        { file: 'c.jpg', ...size, detections: [found(1, 1, 96)] },
      ],
      { description: '', classes: ['person', 'vehicle', 'cone'] },
    );
    delete dataset.annotations[2]!.score;
    expect(datasetStats(dataset)).toEqual({
      imageCount: 3,
      annotationCount: 4,
      imagesWithoutAnnotations: 1,
      classDistribution: { person: 2, vehicle: 1, cone: 0, class_6: 1 },
      confidenceHistogram: [1, 0, 1, 0, 0, 0, 0, 0, 0, 1].map((count, at) => ({
        from: at / 10,
        to: (at + 1) / 10,
        count,
      })),
      boxesPerImage: { min: 0, mean: 1.333, max: 3 },
      sizes: { small: 1, medium: 2, large: 1 },
    });
  });

  it('is all zero for an empty dataset', () => {
    const dataset = toCoco([], { description: '', classes: [] });
    expect(datasetStats(dataset)).toMatchObject({
      imageCount: 0,
      annotationCount: 0,
      classDistribution: {},
      boxesPerImage: { min: 0, mean: 0, max: 0 },
    });
  });
});
