import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cocoVideo } from '#annotation/formats/coco-video';
import { motLines } from '#annotation/formats/mot';
import { supervisionCsv, supervisionHeader, supervisionJson } from '#annotation/formats/supervision';
import type { VideoFrame } from '#annotation/formats/video-box';
import type { Artifact } from '#core/artifact';
import type { StepArtifacts } from '#core/step';

export interface DetectionsRequest {
  frames: AsyncIterable<VideoFrame>;
  video: { name: string; width: number; height: number };
  classes: readonly string[];
  /** Names of the numbers of a frame's place; none when no location was given. */
  places: readonly string[];
  /** What the file was made from, for its description. */
  source: string;
  artifacts: StepArtifacts;
  scratch: string;
}

/** Writes the detections in all formats in one pass; no file is ever a string. @returns the files. */
export async function writeDetections(request: DetectionsRequest): Promise<Artifact[]> {
  const { frames, video, classes, places, source, artifacts, scratch } = request;
  const coco = cocoVideo({ description: `Made by Stepreel from ${source}`, video, classes });
  const open = (name: string) => openText(join(scratch, name));
  const files = {
    'detections.jsonl': open('detections.jsonl'),
    'detections.csv': open('detections.csv'),
    'tracks.mot.txt': open('tracks.mot.txt'),
    'annotations.coco.json': open('annotations.coco.json'),
  };
  const annotations = open('annotations.part');
  await files['detections.csv'].write(supervisionHeader(places));
  await files['annotations.coco.json'].write(coco.head);
  for await (const frame of frames) {
    await files['detections.jsonl'].write(supervisionJson(frame));
    await files['detections.csv'].write(supervisionCsv(frame, places));
    await files['tracks.mot.txt'].write(motLines(frame));
    await files['annotations.coco.json'].write(coco.image(frame));
    await annotations.write(coco.annotations(frame));
  }
  await annotations.close();
  await files['annotations.coco.json'].write(coco.middle);
  for await (const piece of createReadStream(annotations.path)) await files['annotations.coco.json'].write(piece);
  await files['annotations.coco.json'].write(coco.foot());

  const written: Artifact[] = [];
  for (const [name, file] of Object.entries(files)) {
    await file.close();
    written.push(await artifacts.putFile(name, file.path, { result: name }));
  }
  return written;
}

interface TextFile {
  path: string;
  write(text: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A file that is written piece by piece; a full disk is thrown where the next piece is written. */
function openText(path: string): TextFile {
  const stream = createWriteStream(path);
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => undefined);
  return {
    path,
    async write(text) {
      if (stream.write(text)) return;
      await Promise.race([new Promise<void>((resolve) => stream.once('drain', resolve)), failed]);
    },
    close: () => pipeline(Readable.from([]), stream),
  };
}
