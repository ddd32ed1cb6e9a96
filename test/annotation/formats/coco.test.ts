import { describe, expect, it } from 'vitest';
import { type LabelledPicture, parseCoco, toCoco, writeCoco } from '#annotation/formats/coco';

const PICTURES: LabelledPicture[] = [
  {
    file: '000012.jpg',
    width: 640,
    height: 480,
    frame: 12,
    seconds: 0.48,
    detections: [
      { box: [1.234, 2, 10.5, 20], score: 0.987654, classIndex: 1, label: 'cone' },
      { box: [0, 0, 640, 480], score: 0.25, classIndex: 0, label: 'person' },
    ],
  },
  { file: 'façade "1".jpg', width: 320, height: 240, detections: [] },
];
const OPTIONS = { description: 'A clip', classes: ['person', 'cone', 'vehicle'] };

describe('toCoco', () => {
  it('counts ids from 1 and keeps scores, frame numbers and seconds', () => {
    expect(toCoco(PICTURES, OPTIONS)).toEqual({
      info: { description: 'A clip', version: '1.0' },
      licenses: [{ id: 1, name: 'Not stated: the rights of the source video apply', url: '' }],
      images: [
        { id: 1, file_name: '000012.jpg', width: 640, height: 480, license: 1, frame: 12, seconds: 0.48 },
        { id: 2, file_name: 'façade "1".jpg', width: 320, height: 240, license: 1 },
      ],
      annotations: [
        {
          id: 1,
          image_id: 1,
          category_id: 2,
          bbox: [1.23, 2, 10.5, 20],
          area: 210,
          iscrowd: 0,
          segmentation: [],
          score: 0.98765,
        },
        {
          id: 2,
          image_id: 1,
          category_id: 1,
          bbox: [0, 0, 640, 480],
          area: 307200,
          iscrowd: 0,
          segmentation: [],
          score: 0.25,
        },
      ],
      categories: [
        { id: 1, name: 'person', supercategory: 'object' },
        { id: 2, name: 'cone', supercategory: 'object' },
        { id: 3, name: 'vehicle', supercategory: 'object' },
      ],
    });
  });
});

describe('writeCoco', () => {
  it('writes JSON that reads back as the same dataset', () => {
    const dataset = toCoco(PICTURES, OPTIONS);
    expect(parseCoco(JSON.parse([...writeCoco(dataset)].join('')))).toEqual(dataset);
  });

  it('writes the same bytes every time, a record a line', () => {
    const write = () => [...writeCoco(toCoco(PICTURES, OPTIONS))].join('');
    expect(write()).toBe(write());
    expect(
      write()
        .split('\n')
        .filter((line) => line.startsWith('{"id"')),
    ).toHaveLength(8);
  });

  it('writes an empty dataset', () => {
    const empty = toCoco([], { description: '', classes: [] });
    expect(parseCoco(JSON.parse([...writeCoco(empty)].join('')))).toEqual(empty);
  });
});

describe('parseCoco', () => {
  it("reads anybody's file: no info, polygons, no scores, and fields that it does not know", () => {
    const dataset = parseCoco({
      images: [{ id: 7, file_name: 'a.jpg', width: 4, height: 3, coco_url: 'x' }],
      annotations: [{ id: 9, image_id: 7, category_id: 18, bbox: [0, 0, 1, 1], segmentation: [[0, 0, 1, 0, 1, 1]] }],
      categories: [{ id: 18, name: 'dog' }],
    });
    expect(dataset.images[0]).toMatchObject({ id: 7, coco_url: 'x' });
    expect(dataset.annotations[0]).toMatchObject({ iscrowd: 0, segmentation: [[0, 0, 1, 0, 1, 1]] });
    expect(dataset.licenses).toEqual([]);
  });

  it.each([
    { name: 'a list', json: [] },
    { name: 'no images', json: { annotations: [], categories: [] } },
    {
      name: 'a box of three numbers',
      json: { images: [], categories: [], annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 1] }] },
    },
  ])('refuses $name', ({ json }) =>
    expect(() => parseCoco(json)).toThrow(expect.objectContaining({ name: 'ZodError' })),
  );
});
