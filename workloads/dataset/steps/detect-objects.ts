import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Artifact } from '#core/artifact';
import { inOrderAhead } from '#core/side-by-side';
import { defineStep, type StepArtifacts } from '#core/step';
import { openDetector } from '#inference/detection/detector';
import {
  DETECTIONS_FILE,
  detectedSchema,
  extractedSchema,
  FRAMES_FILE,
  shardsSchema,
  stepParams,
} from '../contract.ts';
import { keptFrames, readJsonLines } from '../json-lines.ts';

// A store may be far: the detector must not wait for its answers.
const FETCHES_AHEAD = 8;

/** Runs the detector over one shard of the kept frames; leaves one line of detections for each. */
export default defineStep({
  name: 'DetectObjects',
  // 2: pictures are decoded by libjpeg-turbo, and differ by a level.
  revision: 2,
  params: stepParams.DetectObjects,
  needs: { ExtractFrames: extractedSchema, PlanShards: shardsSchema },
  output: detectedSchema,
  async run({ params, device, plannedDevice, shard = 0, outputOf, artifacts, models, progress, signal, scratch }) {
    const [extracted, { output: plan }, model] = await Promise.all([
      outputOf('ExtractFrames'),
      outputOf('PlanShards'),
      models.fetch(params.model),
    ]);
    const { first, count } = plan.shards[shard]!;
    const detector = await openDetector(model, { device });
    let images = 0;
    let detections = 0;
    try {
      const pictures = picturesOf(extracted.artifacts, artifacts, first, count);
      const lines = async function* () {
        for await (const { id, width, height, detections: found } of detector.detect(pictures, { ...params, signal })) {
          images += 1;
          detections += found.length;
          progress(images, count);
          yield `${JSON.stringify({ file: id, width, height, detections: found })}\n`;
        }
      };
      const path = join(scratch, DETECTIONS_FILE);
      await pipeline(lines, createWriteStream(path));
      await artifacts.putFile(DETECTIONS_FILE, path);
    } finally {
      await detector.close();
    }
    const { name, version, sha256 } = model;
    return { images, detections, device, plannedDevice, model: { name, version, sha256, classes: detector.classes } };
  },
});

/** The shard's pictures, in order, fetched a little ahead of the detector. */
async function* picturesOf(files: Artifact[], artifacts: StepArtifacts, first: number, count: number) {
  const byName = new Map(files.map((file) => [file.name, file]));
  const lines = await artifacts.local(byName.get(FRAMES_FILE)!);
  const ofShard = async function* () {
    let at = 0;
    for await (const { file } of keptFrames(readJsonLines(lines))) {
      if (at >= first + count) return;
      if (at >= first) yield file;
      at += 1;
    }
  };
  yield* inOrderAhead(ofShard(), FETCHES_AHEAD, async (file) => ({
    id: file,
    path: await artifacts.local(byName.get(`images/${file}`)!),
  }));
}
