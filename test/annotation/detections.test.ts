import { describe, expect, it } from 'vitest';
import { toDetection } from '#annotation/detections';

const SIZE = { width: 640, height: 480 };

describe('toDetection', () => {
  it('clips, and rounds the box to hundredths and the score to five decimals', () => {
    const candidate = { corners: [-3, 10.1234, 20.5678, 30.999] as const, score: 0.123456789, classIndex: 1 };
    expect(toDetection(candidate, SIZE, ['person', 'cone'])).toEqual({
      box: [0, 10.12, 20.57, 20.88],
      score: 0.12346,
      classIndex: 1,
      label: 'cone',
    });
  });

  it.each([
    { name: 'outside of the picture', corners: [700, 10, 720, 20] as const },
    { name: 'without height', corners: [10, 10, 20, 10] as const },
    { name: 'thinner than it can be written', corners: [10, 10, 10.004, 20] as const },
  ])('drops a box $name', ({ corners }) => {
    expect(toDetection({ corners, score: 1, classIndex: 0 }, SIZE, ['person'])).toBeUndefined();
  });

  it('names a class that has no name by its index', () => {
    expect(toDetection({ corners: [0, 0, 9, 9], score: 1, classIndex: 7 }, SIZE, [])?.label).toBe('class_7');
  });
});
