import { type CocoDataset, toCoco, writeCoco } from '#annotation/formats/coco';
import { vocAnnotation, vocName } from '#annotation/formats/voc';
import { yoloDataYaml, yoloLabelName, yoloLabels } from '#annotation/formats/yolo';
import { SPLITS, type Split } from '#annotation/split';
import type { Artifact } from '#core/artifact';
import type { StepArtifacts } from '#core/step';
import type { DatasetParams } from '../contract.ts';
import type { DatasetPicture } from './pictures.ts';

interface LabelRequest {
  pictures: DatasetPicture[];
  /** The split of each picture, when the job asks for one. */
  splits?: Split[] | undefined;
  classes: readonly string[];
  params: Pick<DatasetParams, 'classes' | 'formats' | 'split'>;
  /** What the dataset is made of, for its description. */
  source: string;
}

/** Writes the dataset's labels in every format asked for; COCO always. @returns the whole dataset and the files. */
export async function writeLabels(
  request: LabelRequest,
  artifacts: StepArtifacts,
): Promise<{ coco: CocoDataset; files: Artifact[] }> {
  const { pictures, splits, params } = request;
  const put = (path: string, content: string) => artifacts.putBytes(path, content, { result: path });
  const coco = cocoOf(pictures, request);
  const files = [await put('annotations.coco.json', textOf(coco))];
  for (const split of askedSplits(params)) {
    const members = pictures.filter((_, at) => splits![at] === split);
    files.push(await put(`annotations.${split}.coco.json`, textOf(cocoOf(members, request))));
    files.push(await put(`${split}.txt`, members.map(({ file }) => `./images/${file}\n`).join('')));
  }
  if (params.formats.includes('yolo')) {
    for (const picture of pictures)
      files.push(await put(`labels/${yoloLabelName(picture.file)}`, yoloLabels(picture.detections, picture)));
    files.push(
      await put('data.yaml', yoloDataYaml({ classes: request.classes, splits: yoloSplits(askedSplits(params)) })),
    );
  }
  if (params.formats.includes('voc')) {
    for (const picture of pictures) files.push(await put(`voc/${vocName(picture.file)}`, vocAnnotation(picture)));
  }
  return { coco, files };
}

/** All classes of the model keep their ids; those that the class filter leaves out are not listed. */
function cocoOf(pictures: DatasetPicture[], { classes, params, source }: LabelRequest): CocoDataset {
  const coco = toCoco(pictures, { description: `Made by Stepreel from ${source}`, classes });
  const wanted = params.classes === undefined ? undefined : new Set(params.classes);
  return { ...coco, categories: coco.categories.filter(({ name }) => wanted?.has(name) ?? true) };
}

function textOf(coco: CocoDataset): string {
  return [...writeCoco(coco)].join('');
}

/** The splits that get a share, also one for which no picture was left: the report says so, and its files are there. */
function askedSplits({ split }: LabelRequest['params']): Split[] {
  return SPLITS.filter((name) => split !== undefined && split[name] > 0);
}

/** Without a split the one folder serves for both, as the YOLO trainers want both named. */
function yoloSplits(splits: Split[]): { train: string; val: string; test?: string } {
  if (splits.length === 0) return { train: 'images', val: 'images' };
  return { train: 'train.txt', val: 'val.txt', ...(splits.includes('test') ? { test: 'test.txt' } : {}) };
}
