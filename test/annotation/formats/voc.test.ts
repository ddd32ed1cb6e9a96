import { describe, expect, it } from 'vitest';
import type { LabelledPicture } from '#annotation/formats/coco';
import { vocAnnotation, vocName } from '#annotation/formats/voc';

const PICTURE: LabelledPicture = { file: '000012.jpg', width: 640, height: 480, detections: [] };

function boxOf(box: readonly [number, number, number, number]): (number | undefined)[] {
  const xml = vocAnnotation({ ...PICTURE, detections: [{ box, score: 1, classIndex: 0, label: 'person' }] });
  return ['xmin', 'ymin', 'xmax', 'ymax'].map((tag) => Number(new RegExp(`<${tag}>(\\d+)</${tag}>`).exec(xml)?.[1]));
}

describe('vocAnnotation', () => {
  it('has the size and no object for a picture without any', () => {
    expect(vocAnnotation(PICTURE)).toBe(`<annotation>
  <folder>images</folder>
  <filename>000012.jpg</filename>
  <size>
    <width>640</width>
    <height>480</height>
    <depth>3</depth>
  </size>
  <segmented>0</segmented>
</annotation>
`);
  });

  it.each<{ name: string; box: [number, number, number, number]; edges: number[] }>([
    { name: 'counts pixels from 1, edges included', box: [0, 0, 640, 480], edges: [1, 1, 640, 480] },
    { name: 'rounds to whole pixels', box: [9.6, 20.4, 30, 40], edges: [11, 21, 40, 60] },
    { name: 'leaves a thin box one pixel', box: [10.1, 10.1, 0.2, 0.2], edges: [11, 11, 11, 11] },
    { name: 'keeps a thin box at the edge inside', box: [639.9, 479.9, 0.1, 0.1], edges: [640, 480, 640, 480] },
  ])('$name', ({ box, edges }) => expect(boxOf(box)).toEqual(edges));

  it('escapes names and replaces what XML can not hold', () => {
    const xml = vocAnnotation({
      ...PICTURE,
      file: 'a&b<c>"d"\u0007.jpg',
      detections: [{ box: [0, 0, 1, 1], score: 1, classIndex: 0, label: 'R&D' }],
    });
    expect(xml).toContain('<filename>a&amp;b&lt;c&gt;&quot;d&quot;\uFFFD.jpg</filename>');
    expect(xml).toContain('<name>R&amp;D</name>');
  });
});

describe('vocName', () => {
  it('replaces the ending', () => expect(vocName('000012.jpg')).toBe('000012.xml'));
});
