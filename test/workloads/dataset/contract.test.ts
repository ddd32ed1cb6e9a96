import { describe, expect, it } from 'vitest';
import { datasetParams } from '#workloads/dataset/contract';

describe('the parameters of a dataset job', () => {
  it('need not be given at all', () => {
    expect(datasetParams.parse({})).toMatchObject({
      blur: true,
      blurThreshold: 100,
      dedup: true,
      dedupDistance: 5,
      confidence: 0.25,
      iou: 0.45,
    });
  });

  it.each([
    { name: 'an unknown parameter', params: { blurTreshold: 3 }, says: 'blurTreshold' },
    { name: 'two ways of sampling at once', params: { every: 2, fps: 5 }, says: 'not several' },
    { name: 'every 0th frame', params: { every: 0 }, says: '>=1' },
    { name: 'a confidence above 1', params: { confidence: 1.2 }, says: '<=1' },
    { name: 'a distance above 64 bits', params: { dedupDistance: 65 }, says: '<=64' },
    { name: 'shares of a split that do not add up', params: { split: { train: 0.8, val: 0.3 } }, says: 'add up to 1' },
    { name: 'a label format that does not exist', params: { formats: ['tfrecord'] }, says: 'coco' },
    { name: 'an empty class filter', params: { classes: [] }, says: '>=1' },
  ])('refuse $name', ({ params, says }) => {
    const { error } = datasetParams.safeParse(params);
    expect(error?.message).toContain(says);
  });

  it.each([{ confidence: 0 }, { iou: 0 }, { dedupDistance: 0 }, { blurThreshold: 0 }])(
    'may go down to 0: %o',
    (params) => {
      expect(datasetParams.parse(params)).toMatchObject(params);
    },
  );
});
