import { describe, expect, it } from 'vitest';
import { type CocoDataset, toCoco } from '#annotation/formats/coco';
import { checkDataset, checkSplits, type SplitPicture } from '#annotation/quality';

function soundDataset(): CocoDataset {
  const detection = { box: [0, 0, 64, 48] as const, score: 0.9, classIndex: 0, label: 'person' };
  const picture = { width: 64, height: 48, detections: [detection, { ...detection, classIndex: 1 }] };
  return toCoco(
    [
      { ...picture, file: 'a.jpg' },
      { ...picture, file: 'b.jpg' },
    ],
    {
      description: 'two pictures',
      classes: ['person', 'cone'],
    },
  );
}

const failed = (checks: ReturnType<typeof checkDataset>) => checks.filter(({ passed }) => !passed);

describe('checkDataset', () => {
  it('passes a sound dataset, with every check named', () => {
    const checks = checkDataset(soundDataset());
    expect(failed(checks)).toEqual([]);
    expect(new Set(checks.map(({ name }) => name)).size).toBe(7);
  });

  it.each<{ name: string; harm: (dataset: CocoDataset) => void; check: string; severity: string; detail: string }>([
    {
      name: 'a box that sticks out',
      harm: ({ annotations }) => annotations[1]!.bbox.splice(2, 1, 64.5),
      check: 'boxes inside images',
      severity: 'error',
      detail: '1 of 4 annotations lie partly outside of their image: id 2',
    },
    {
      name: 'a box without width',
      harm: ({ annotations }) => annotations[0]!.bbox.splice(2, 1, 0),
      check: 'boxes with an area',
      severity: 'error',
      detail: '1 of 4 annotations have no width or no height: id 1',
    },
    {
      name: 'an annotation of no image',
      harm: ({ annotations }) => Object.assign(annotations[3]!, { image_id: 9 }),
      check: 'annotations of known images',
      severity: 'error',
      detail: '1 of 4 annotations name an image that is not there: id 4',
    },
    {
      name: 'an annotation of no category',
      harm: ({ annotations }) => Object.assign(annotations[2]!, { category_id: 9 }),
      check: 'annotations of known categories',
      severity: 'error',
      detail: '1 of 4 annotations name a category that is not there: id 3',
    },
    {
      name: 'an id that is used twice',
      harm: ({ annotations }) => Object.assign(annotations[2]!, { id: 1 }),
      check: 'unique ids and files',
      severity: 'error',
      detail: 'used more than once: annotations id 1',
    },
    {
      name: 'a file that is listed twice',
      harm: ({ images }) => Object.assign(images[1]!, { file_name: 'a.jpg' }),
      check: 'unique ids and files',
      severity: 'error',
      detail: 'used more than once: file a.jpg',
    },
    {
      name: 'a class that nothing belongs to',
      harm: ({ categories }) => categories.push({ id: 3, name: 'vehicle', supercategory: '' }),
      check: 'classes with annotations',
      severity: 'warning',
      detail: 'without annotations: vehicle',
    },
  ])('finds $name', ({ harm, check, severity, detail }) => {
    const dataset = soundDataset();
    harm(dataset);
    expect(failed(checkDataset(dataset))).toEqual([{ name: check, passed: false, severity, detail }]);
  });

  it('warns when no image has an annotation, and only counts them otherwise', () => {
    const dataset = soundDataset();
    dataset.annotations = dataset.annotations.filter(({ image_id }) => image_id === 1);
    expect(checkDataset(dataset)).toContainEqual({
      name: 'images with annotations',
      passed: true,
      severity: 'warning',
      detail: '1 of 2 images have no annotation',
    });
    dataset.annotations = [];
    expect(failed(checkDataset(dataset)).map(({ name }) => name)).toEqual([
      'classes with annotations',
      'images with annotations',
    ]);
  });

  it('names the first few of many faults', () => {
    const dataset = soundDataset();
    dataset.annotations = Array.from({ length: 9 }, (_, at) => ({
      ...dataset.annotations[0]!,
      id: at + 1,
      image_id: 7,
    }));
    const [lost] = failed(checkDataset(dataset));
    expect(lost!.detail).toBe(
      '9 of 9 annotations name an image that is not there: id 1, id 2, id 3, id 4, id 5 and 4 more',
    );
  });
});

describe('checkSplits', () => {
  const train: SplitPicture = { file: 'a.jpg', split: 'train', hash: '0000000000000000', sha256: 'a' };
  const far: SplitPicture = { file: 'b.jpg', split: 'val', hash: 'ffffffffffffffff', sha256: 'b' };

  it.each<{ name: string; pictures: SplitPicture[]; faults: string[] }>([
    { name: 'passes pictures that differ', pictures: [train, far], faults: [] },
    {
      name: 'passes near-duplicates in one split',
      pictures: [train, { ...train, file: 'c.jpg', sha256: 'c', hash: '0000000000000001' }, far],
      faults: [],
    },
    {
      name: 'finds the same bytes in two splits',
      pictures: [train, { ...far, sha256: 'a' }],
      faults: ['1 found: a.jpg (train) and b.jpg (val)'],
    },
    {
      name: 'finds the same hash in two splits',
      pictures: [train, { ...far, hash: train.hash }],
      faults: ['1 found: a.jpg (train) and b.jpg (val)'],
    },
    {
      name: 'finds near hashes in two splits',
      pictures: [train, { ...far, hash: '00000000000003ff' }],
      faults: ['1 found: a.jpg (train) and b.jpg (val)'],
    },
    {
      name: 'passes hashes a bit farther apart',
      pictures: [train, { ...far, hash: '00000000000007ff' }],
      faults: [],
    },
    {
      name: 'passes pictures without a hash',
      pictures: [
        { ...train, hash: null },
        { ...far, hash: null },
      ],
      faults: [],
    },
    { name: 'finds an empty split', pictures: [train], faults: ['train 1'] },
    { name: 'finds that there is nothing', pictures: [], faults: ['no pictures'] },
  ])('$name', ({ pictures, faults }) => {
    expect(failed(checkSplits(pictures, 10)).map(({ detail }) => detail)).toEqual(faults);
  });
});
