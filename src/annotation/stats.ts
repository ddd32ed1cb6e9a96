import type { CocoDataset } from './formats/coco.ts';

/** What a dataset consists of, in numbers. */
export interface DatasetStats {
  imageCount: number;
  annotationCount: number;
  imagesWithoutAnnotations: number;
  /** Annotations a class, in the order of the categories, those without any too; an id that is none is `class_<id>`. */
  classDistribution: Record<string, number>;
  /** Scores in tenths; a score of 1 is in the last. Annotations without a score are in none. */
  confidenceHistogram: { from: number; to: number; count: number }[];
  boxesPerImage: { min: number; mean: number; max: number };
  /** By area in square pixels, as COCO's evaluation divides them. */
  sizes: { small: number; medium: number; large: number };
}

export function datasetStats({ images, annotations, categories }: CocoDataset): DatasetStats {
  const boxes = boxesByImage(images, annotations);
  return {
    imageCount: images.length,
    annotationCount: annotations.length,
    imagesWithoutAnnotations: boxes.filter((count) => count === 0).length,
    classDistribution: classDistribution(annotations, categories),
    confidenceHistogram: confidenceHistogram(annotations),
    boxesPerImage: {
      min: boxes.reduce((a, b) => Math.min(a, b), boxes[0] ?? 0),
      mean: boxes.length === 0 ? 0 : round3(annotations.length / boxes.length),
      max: boxes.reduce((a, b) => Math.max(a, b), 0),
    },
    sizes: sizeBuckets(annotations),
  };
}

function boxesByImage(images: CocoDataset['images'], annotations: CocoDataset['annotations']): number[] {
  const counts = new Map(images.map(({ id }) => [id, 0]));
  for (const { image_id } of annotations) {
    const count = counts.get(image_id);
    if (count !== undefined) counts.set(image_id, count + 1);
  }
  return [...counts.values()];
}

function classDistribution(
  annotations: CocoDataset['annotations'],
  categories: CocoDataset['categories'],
): Record<string, number> {
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  const counts = new Map(categories.map(({ name }) => [name, 0]));
  for (const { category_id } of annotations) {
    const name = names.get(category_id) ?? `class_${category_id}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

const TENTHS = 10;

function confidenceHistogram(annotations: CocoDataset['annotations']): DatasetStats['confidenceHistogram'] {
  const counts = new Array<number>(TENTHS).fill(0);
  for (const { score } of annotations) {
    if (score === undefined) continue;
    const at = Math.min(TENTHS - 1, Math.max(0, Math.floor(score * TENTHS)));
    counts[at]! += 1;
  }
  return counts.map((count, at) => ({ from: at / TENTHS, to: (at + 1) / TENTHS, count }));
}

// COCO's own limits ("Detection Evaluation", metric 3): small is below 32 x 32 pixels, large from 96 x 96.
const SMALL_BELOW = 32 ** 2;
const LARGE_FROM = 96 ** 2;

function sizeBuckets(annotations: CocoDataset['annotations']): DatasetStats['sizes'] {
  const sizes = { small: 0, medium: 0, large: 0 };
  for (const { bbox } of annotations) {
    const area = bbox[2] * bbox[3];
    sizes[area < SMALL_BELOW ? 'small' : area < LARGE_FROM ? 'medium' : 'large'] += 1;
  }
  return sizes;
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
