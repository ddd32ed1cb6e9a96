import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Box } from '#annotation/boxes';
import { type CocoDataset, parseCoco } from '#annotation/formats/coco';
import { checkDataset } from '#annotation/quality';
import { datasetStats } from '#annotation/stats';
import { InputError, InputNotFoundError } from '#core/errors';
import { reportMarkdown } from '#workloads/dataset/report/markdown';
import { reportHtml } from '#workloads/dataset/report/report-html';
import { contactPictures, statsJson } from '#workloads/dataset/report/write-reports';
import type { DatasetPicture } from '#workloads/dataset/result/pictures';
import { writeOutputFolder } from './output-folder.ts';

export interface ReportOptions {
  coco: string;
  output: string;
  images?: string;
}

/** The `report` stage alone, on any COCO file. Pictures that are not there are left out of the contact sheet. */
export async function reportFiles({ coco: file, output, images }: ReportOptions, json: boolean): Promise<void> {
  const coco = await readCoco(file);
  const folder = images ?? imagesBeside(file);
  const pictures = picturesOf(coco).filter((picture) => existsSync(join(folder, picture.file)));
  const report = {
    title: basename(file),
    stats: datasetStats(coco),
    quality: checkDataset(coco),
    degraded: [],
    classes: coco.categories.map(({ name }) => name),
    contactSheet: await contactPictures(pictures, (picture) => readFile(join(folder, picture))),
  };
  await writeOutputFolder(output, async (building) => {
    await writeFile(join(building, 'stats.json'), statsJson(report));
    await writeFile(join(building, 'report.md'), reportMarkdown(report));
    await writeFile(join(building, 'report.html'), reportHtml(report));
  });
  const absent = coco.images.length - pictures.length;
  if (absent > 0)
    process.stderr.write(
      `${absent} of ${coco.images.length} pictures are not in ${folder}; name their folder with --images\n`,
    );
  if (json) process.stdout.write(`${JSON.stringify({ event: 'reported', output, absent })}\n`);
  else process.stdout.write(`${join(output, 'report.html')}\n`);
}

async function readCoco(file: string): Promise<CocoDataset> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new InputNotFoundError(`${file} can't be read. Name a COCO file.`, { cause });
  });
  try {
    return parseCoco(JSON.parse(text));
  } catch (cause) {
    throw new InputError(`${file} is not a COCO file for object detection: ${(cause as Error).message}`, { cause });
  }
}

/** A result has its pictures in `images/`; other datasets have them beside the file. */
function imagesBeside(file: string): string {
  const below = join(dirname(file), 'images');
  return existsSync(below) ? below : dirname(file);
}

function picturesOf({ images, annotations, categories }: CocoDataset): DatasetPicture[] {
  const byImage = Map.groupBy(annotations, ({ image_id }) => image_id);
  const places = new Map(categories.map(({ id, name }, index) => [id, { label: name, classIndex: index }]));
  return images.map(({ id, file_name, width, height, seconds = 0 }) => ({
    file: file_name,
    width,
    height,
    seconds,
    hash: null,
    detections: (byImage.get(id) ?? []).map(({ bbox, score = 1, category_id }) => ({
      box: bbox as Box,
      score,
      ...(places.get(category_id) ?? { label: `class_${category_id}`, classIndex: 0 }),
    })),
  }));
}
