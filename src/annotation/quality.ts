import { areaOf, cornersOf } from './boxes.ts';
import type { CocoAnnotation, CocoDataset } from './formats/coco.ts';
import { type Hash64, nearPairs } from './near-pairs.ts';
import type { Split } from './split.ts';

/** One check of a dataset: what was looked at, and in words what was found. */
export interface QualityCheck {
  name: string;
  passed: boolean;
  /** What it means when it did not pass: the data is wrong, or somebody should know. */
  severity: 'error' | 'warning';
  detail: string;
}

/** What a check needs to know about a picture beside its annotations. */
export interface SplitPicture {
  file: string;
  split: Split;
  hash: Hash64 | null;
  /** Of the file's bytes. */
  sha256: string;
}

/** Checks a dataset by itself, in a fixed order. */
export function checkDataset(dataset: CocoDataset): QualityCheck[] {
  return [
    boxesInsideImages(dataset),
    boxesWithArea(dataset),
    knownImages(dataset),
    knownCategories(dataset),
    uniqueIds(dataset),
    classesWithAnnotations(dataset),
    imagesWithAnnotations(dataset),
  ];
}

/** Checks that no picture and no near-duplicate of one is in two splits, so that a test is not on what was learnt. */
export function checkSplits(pictures: readonly SplitPicture[], distance: number): QualityCheck[] {
  return [sameFileInTwoSplits(pictures), nearDuplicatesInTwoSplits(pictures, distance), emptySplits(pictures)];
}

// Our files have hundredths of a pixel, and x + width adds two of them.
const TOLERANCE_PIXELS = 0.011;

function boxesInsideImages({ images, annotations }: CocoDataset): QualityCheck {
  const sizes = new Map(images.map(({ id, width, height }) => [id, { width, height }]));
  const outside = annotations.filter(({ image_id, bbox }) => {
    const size = sizes.get(image_id);
    const [x1, y1, x2, y2] = cornersOf(bbox);
    if (!size) return false;
    const [right, bottom] = [size.width + TOLERANCE_PIXELS, size.height + TOLERANCE_PIXELS];
    return !(x1 >= -TOLERANCE_PIXELS && y1 >= -TOLERANCE_PIXELS && x2 <= right && y2 <= bottom);
  });
  return check('boxes inside images', 'error', annotations, outside, 'lie partly outside of their image');
}

function boxesWithArea({ annotations }: CocoDataset): QualityCheck {
  const empty = annotations.filter(({ bbox }) => !(areaOf(cornersOf(bbox)) > 0));
  return check('boxes with an area', 'error', annotations, empty, 'have no width or no height');
}

function knownImages({ images, annotations }: CocoDataset): QualityCheck {
  const known = new Set(images.map(({ id }) => id));
  const lost = annotations.filter(({ image_id }) => !known.has(image_id));
  return check('annotations of known images', 'error', annotations, lost, 'name an image that is not there');
}

function knownCategories({ categories, annotations }: CocoDataset): QualityCheck {
  const known = new Set(categories.map(({ id }) => id));
  const lost = annotations.filter(({ category_id }) => !known.has(category_id));
  return check('annotations of known categories', 'error', annotations, lost, 'name a category that is not there');
}

function check(
  name: string,
  severity: QualityCheck['severity'],
  all: readonly CocoAnnotation[],
  wrong: readonly CocoAnnotation[],
  fault: string,
): QualityCheck {
  const detail =
    wrong.length === 0
      ? `${all.length} of ${all.length} annotations`
      : `${wrong.length} of ${all.length} annotations ${fault}: ${listed(wrong.map(({ id }) => `id ${id}`))}`;
  return { name, passed: wrong.length === 0, severity, detail };
}

function uniqueIds({ images, annotations, categories }: CocoDataset): QualityCheck {
  const repeated = Object.entries({ images, annotations, categories }).flatMap(([section, records]) =>
    repeatedValues(records.map(({ id }) => id)).map((id) => `${section} id ${id}`),
  );
  const names = repeatedValues(images.map(({ file_name }) => file_name)).map((file) => `file ${file}`);
  const all = [...repeated, ...names];
  const detail = all.length === 0 ? 'every id and file name is used once' : `used more than once: ${listed(all)}`;
  return { name: 'unique ids and files', passed: all.length === 0, severity: 'error', detail };
}

function repeatedValues<T>(values: readonly T[]): T[] {
  const seen = new Set<T>();
  return [...new Set(values.filter((value) => seen.size === seen.add(value).size))];
}

function classesWithAnnotations({ annotations, categories }: CocoDataset): QualityCheck {
  const used = new Set(annotations.map(({ category_id }) => category_id));
  const empty = categories.filter(({ id }) => !used.has(id)).map(({ name }) => name);
  const detail =
    empty.length === 0
      ? `${categories.length} of ${categories.length} classes`
      : `without annotations: ${listed(empty)}`;
  return { name: 'classes with annotations', passed: empty.length === 0, severity: 'warning', detail };
}

function imagesWithAnnotations({ images, annotations }: CocoDataset): QualityCheck {
  const used = new Set(annotations.map(({ image_id }) => image_id));
  const empty = images.filter(({ id }) => !used.has(id)).length;
  const detail = `${empty} of ${images.length} images have no annotation`;
  // Pictures without objects teach a detector where nothing is; a dataset without any object teaches nothing.
  return { name: 'images with annotations', passed: empty < images.length, severity: 'warning', detail };
}

function sameFileInTwoSplits(pictures: readonly SplitPicture[]): QualityCheck {
  const leaks = [...Map.groupBy(pictures, ({ sha256 }) => sha256).values()].filter(inTwoSplits);
  return leakCheck('no picture in two splits', leaks, pictures.length);
}

function nearDuplicatesInTwoSplits(pictures: readonly SplitPicture[], distance: number): QualityCheck {
  const byHash = Map.groupBy(
    pictures.filter(({ hash }) => hash !== null),
    ({ hash }) => hash as Hash64,
  );
  const hashes = [...byHash.keys()];
  const leaks = [...byHash.values()].filter(inTwoSplits);
  for (const [a, b] of nearPairs(hashes, distance)) {
    const pair = [byHash.get(hashes[a]!)![0]!, byHash.get(hashes[b]!)![0]!];
    if (inTwoSplits(pair)) leaks.push(pair);
  }
  return leakCheck(`no near-duplicates (${distance} bits) in two splits`, leaks, pictures.length);
}

function inTwoSplits(pictures: readonly SplitPicture[]): boolean {
  return pictures.some(({ split }) => split !== pictures[0]!.split);
}

function leakCheck(name: string, leaks: readonly (readonly SplitPicture[])[], count: number): QualityCheck {
  const places = leaks.map((pictures) => pictures.map(({ file, split }) => `${file} (${split})`).join(' and '));
  const detail = leaks.length === 0 ? `${count} pictures compared` : `${leaks.length} found: ${listed(places)}`;
  return { name, passed: leaks.length === 0, severity: 'error', detail };
}

function emptySplits(pictures: readonly SplitPicture[]): QualityCheck {
  const counts = Map.groupBy(pictures, ({ split }) => split);
  const passed = counts.has('train') && counts.has('val');
  const detail = [...counts].map(([split, members]) => `${split} ${members.length}`).sort();
  return {
    name: 'train and val have pictures',
    passed,
    severity: 'warning',
    detail: detail.join(', ') || 'no pictures',
  };
}

const SHOWN = 5;

/** The first few, and how many more there are. */
function listed(things: readonly string[]): string {
  const more = things.length > SHOWN ? ` and ${things.length - SHOWN} more` : '';
  return `${things.slice(0, SHOWN).join(', ')}${more}`;
}
