import { expect, it } from 'vitest';
import { toCocoTruth } from '#media/scenes/coco-truth';
import { LABELS } from '#media/scenes/scene';

it('ground truth is a COCO file with ids from 1', () => {
  const image = { file_name: 'a.jpg', width: 10, height: 10 };
  const coco = toCocoTruth([
    { image, truth: [] },
    { image, truth: [{ label: 'cone', box: [1, 2, 3, 4] }] },
  ]);
  expect(coco.annotations).toEqual([{ id: 1, image_id: 2, category_id: 3, bbox: [1, 2, 3, 4], area: 12, iscrowd: 0 }]);
  expect(coco.categories.map(({ name }) => name)).toEqual(LABELS);
});
