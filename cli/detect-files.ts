import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { openModelStore } from '#adapters/local/model-store';
import { type LabelledPicture, toCoco, writeCoco } from '#annotation/formats/coco';
import { openDetector } from '#inference/detection/detector';
import { imagesIn } from './image-folder.ts';
import { interruptSignal } from './interrupt.ts';

export interface DetectOptions {
  input: string;
  output: string;
  model: string;
  confidence: number;
  iou: number;
  maxDetections: number;
  classes?: string[];
}

/** The `detect` stage alone: a folder of pictures in, a COCO file out, which appears when it is whole. */
export async function detectFiles(options: DetectOptions, json: boolean): Promise<void> {
  const signal = interruptSignal();
  const images = await imagesIn(options.input);
  const detector = await openDetector(await openModelStore().fetch(options.model));
  const pictures: LabelledPicture[] = [];
  try {
    const files = images.map(({ name, path }) => ({ id: name, path }));
    for await (const { id, ...found } of detector.detect(files, { ...options, signal }))
      pictures.push({ file: String(id), ...found });
  } finally {
    await detector.close();
  }
  const coco = toCoco(pictures, { description: 'Made by Stepreel', classes: detector.classes });
  await writeWhole(options.output, writeCoco(coco));
  const counts = { pictures: coco.images.length, detections: coco.annotations.length };
  if (json) process.stdout.write(`${JSON.stringify({ event: 'detected', output: options.output, ...counts })}\n`);
  else process.stdout.write(`${options.output}: ${counts.detections} detections in ${counts.pictures} pictures\n`);
}

async function writeWhole(file: string, pieces: Iterable<string>): Promise<void> {
  const building = `${file}.${process.pid}.partial`;
  try {
    await pipeline(pieces, createWriteStream(building));
    await rename(building, file);
  } finally {
    await rm(building, { force: true });
  }
}
