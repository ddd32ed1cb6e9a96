import { describe, expect, it } from 'vitest';
import { yoloDataYaml, yoloLabelName, yoloLabels } from '#annotation/formats/yolo';

describe('yoloLabels', () => {
  it('writes class, centre and size as fractions of the picture, a line a box', () => {
    const detections = [
      { box: [0, 0, 640, 480] as const, classIndex: 2 },
      { box: [160, 120, 64, 48] as const, classIndex: 0 },
    ];
    expect(yoloLabels(detections, { width: 640, height: 480 })).toBe(
      '2 0.500000 0.500000 1.000000 1.000000\n0 0.300000 0.300000 0.100000 0.100000\n',
    );
  });

  it('is an empty file for a picture without objects', () => {
    expect(yoloLabels([], { width: 640, height: 480 })).toBe('');
  });
});

describe('yoloDataYaml', () => {
  it('names the splits and the classes, quoted', () => {
    const splits = { train: 'train.txt', val: 'val.txt', test: 'test.txt' };
    expect(yoloDataYaml({ classes: ['person', 'no: "hat"'], splits })).toBe(
      'path: .\ntrain: "train.txt"\nval: "val.txt"\ntest: "test.txt"\nnames:\n  0: "person"\n  1: "no: \\"hat\\""\n',
    );
  });
});

describe('yoloLabelName', () => {
  it.each([
    { file: '000012.jpg', name: '000012.txt' },
    { file: 'a.b/c.d.png', name: 'a.b/c.d.txt' },
    { file: 'a.b/none', name: 'a.b/none.txt' },
  ])('is $name for $file', ({ file, name }) => expect(yoloLabelName(file)).toBe(name));
});
