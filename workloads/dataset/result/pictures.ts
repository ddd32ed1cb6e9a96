import { z } from 'zod';
import type { Detection } from '#annotation/detections';
import type { LabelledPicture } from '#annotation/formats/coco';
import { ContractError } from '#core/errors';
import { keptFrames, readJsonLines } from '../json-lines.ts';

/** A kept frame with what was found in it. */
export interface DatasetPicture extends LabelledPicture {
  seconds: number;
  hash: string | null;
}

const detectionsSchema = z.object({
  file: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  detections: z.array(
    z.object({
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
      score: z.number(),
      classIndex: z.int().nonnegative(),
      label: z.string(),
    }),
  ),
});

/**
 * The kept frames in their order, each with its detections: frames.jsonl beside the shards' detections.jsonl, which
 * tell of the same frames in the same order. @throws ContractError when they do not.
 */
export async function joinPictures(framesPath: string, detectionPaths: string[]): Promise<DatasetPicture[]> {
  const pictures: DatasetPicture[] = [];
  const found = detectionsOf(detectionPaths);
  for await (const { file, index, seconds, hash } of keptFrames(readJsonLines(framesPath))) {
    const { value } = await found.next();
    if (value?.file !== file) {
      throw new ContractError(
        `The detections do not follow the frames: expected ${file}, found ${value?.file ?? 'the end'}.`,
      );
    }
    const { width, height, detections } = value;
    pictures.push({ file, width, height, frame: index, seconds, hash, detections: detections as Detection[] });
  }
  if (!(await found.next()).done) throw new ContractError('There are detections of frames that were not kept.');
  return pictures;
}

async function* detectionsOf(paths: string[]) {
  for (const path of paths) for await (const line of readJsonLines(path)) yield detectionsSchema.parse(line);
}
