import { z } from 'zod';
import { type Box, hundredths } from '../boxes.ts';
import { type Detection, roundScore } from '../detections.ts';

/** One detected picture on its way into a label file. */
export interface LabelledPicture {
  /** File name, as the reader of the dataset finds it below `images/`. */
  file: string;
  /** Size in pixels. */
  width: number;
  height: number;
  /** Number of the video frame and its presentation time, when the picture was cut from a video. */
  frame?: number | undefined;
  seconds?: number | undefined;
  detections: readonly Detection[];
}

const id = z.int();

const licenseSchema = z.looseObject({ id, name: z.string(), url: z.string().default('') });

const imageSchema = z.looseObject({
  id,
  file_name: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  license: id.optional(),
  /** Ours: number of the frame in its video, and its presentation time. */
  frame: z.int().nonnegative().optional(),
  seconds: z.number().optional(),
});

const annotationSchema = z.looseObject({
  id,
  image_id: id,
  category_id: id,
  /** x, y, width, height in pixels. */
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  area: z.number().optional(),
  iscrowd: z.union([z.literal(0), z.literal(1)]).default(0),
  segmentation: z.unknown().optional(),
  /** Of a detection; labels made by people have none. */
  score: z.number().optional(),
});

const categorySchema = z.looseObject({ id, name: z.string(), supercategory: z.string().default('') });

/** A COCO file for object detection, by anybody: fields that are not here are kept as they are. */
export const cocoSchema = z.looseObject({
  info: z.looseObject({ description: z.string().optional(), version: z.string().optional() }).default({}),
  licenses: z.array(licenseSchema).default([]),
  images: z.array(imageSchema),
  annotations: z.array(annotationSchema),
  categories: z.array(categorySchema),
});

export type CocoDataset = z.infer<typeof cocoSchema>;
export type CocoImage = CocoDataset['images'][number];
export type CocoAnnotation = CocoDataset['annotations'][number];
export type CocoCategory = CocoDataset['categories'][number];

export interface CocoOptions {
  description: string;
  /** All classes of the model, also those that were not seen: a category's id is then the same in every dataset. */
  classes: readonly string[];
  supercategory?: string;
  /** Under which the pictures may be used; COCO's own licences are about Flickr photographs. */
  license?: { name: string; url: string };
}

const LICENSE_UNKNOWN = { name: 'Not stated: the rights of the source video apply', url: '' };

/**
 * A COCO dataset of detections. Ids count from 1 in the order given, category ids are class index + 1, scores are
 * kept, and there is no date in it, so that the same pictures make the same file.
 */
export function toCoco(
  pictures: Iterable<LabelledPicture>,
  { description, classes, supercategory = 'object', license = LICENSE_UNKNOWN }: CocoOptions,
): CocoDataset {
  const images: CocoImage[] = [];
  const annotations: CocoAnnotation[] = [];
  for (const { file, width, height, frame, seconds, detections } of pictures) {
    const image = images.length + 1;
    images.push({
      id: image,
      file_name: file,
      width,
      height,
      license: 1,
      ...(frame === undefined ? {} : { frame }),
      ...(seconds === undefined ? {} : { seconds }),
    });
    for (const detection of detections) annotations.push(toAnnotation(detection, annotations.length + 1, image));
  }
  return {
    info: { description, version: '1.0' },
    licenses: [{ id: 1, ...license }],
    images,
    annotations,
    categories: classes.map((name, index) => ({ id: index + 1, name, supercategory })),
  };
}

function toAnnotation({ box, score, classIndex }: Detection, id: number, image: number): CocoAnnotation {
  const bbox = box.map(hundredths) as unknown as [...Box];
  return {
    id,
    image_id: image,
    category_id: classIndex + 1,
    bbox,
    area: hundredths(bbox[2] * bbox[3]),
    iscrowd: 0,
    segmentation: [],
    score: roundScore(score),
  };
}

const SECTIONS = ['licenses', 'images', 'annotations', 'categories'] as const;

/** The text of a COCO file in pieces, a record a line: a long dataset is never one string. */
export function* writeCoco(dataset: CocoDataset): Generator<string> {
  yield `{\n"info": ${JSON.stringify(dataset.info)}`;
  for (const section of SECTIONS) {
    yield `,\n"${section}": [`;
    for (const [at, record] of dataset[section].entries()) yield `${at === 0 ? '' : ','}\n${JSON.stringify(record)}`;
    yield '\n]';
  }
  yield '\n}\n';
}

/**
 * Checks what was read from a COCO file.
 * @throws ZodError that names the fields which are not as COCO has them.
 */
export function parseCoco(json: unknown): CocoDataset {
  return cocoSchema.parse(json);
}
