import { LABELS } from './scene.ts';
import type { Truth } from './truth.ts';

/** A drawn picture, for the list of images: its file's name, its size, and anything else worth telling about it. */
export type DrawnImage = {
  file_name: string;
  width: number;
  height: number;
  [fact: string]: string | number | boolean;
};

export type DrawnPicture = { image: DrawnImage; truth: readonly Truth[] };

/** Ground truth as a COCO detection file: ids from 1, categories in the order of LABELS. */
export function toCocoTruth(pictures: readonly DrawnPicture[]) {
  const annotations = pictures.flatMap(({ truth }, image) =>
    truth.map(({ label, box }) => ({
      image_id: image + 1,
      category_id: LABELS.indexOf(label) + 1,
      bbox: box,
      area: box[2] * box[3],
      iscrowd: 0,
    })),
  );
  return {
    images: pictures.map(({ image }, index) => ({ id: index + 1, ...image })),
    annotations: annotations.map((annotation, index) => ({ id: index + 1, ...annotation })),
    categories: LABELS.map((name, index) => ({ id: index + 1, name })),
  };
}
