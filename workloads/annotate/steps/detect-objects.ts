import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import type { Artifact } from '#core/artifact';
import { inOrderAhead } from '#core/side-by-side';
import { defineStep, type StepArtifacts } from '#core/step';
import {
  DETECTIONS_FILE,
  type detectedFrameSchema,
  detectedSchema,
  detectorsOf,
  extractedSchema,
  FRAMES_FILE,
  frameSchema,
  shardsSchema,
  stepParams,
} from '../contract.ts';
import { openDetectors } from '../detection/open-detectors.ts';
import { readLines } from '../json-lines.ts';

// A store may be far: the detector must not wait for its answers.
const FETCHES_AHEAD = 8;

/** Runs the detectors over one shard of the sampled frames; leaves one line of detections for each. */
export default defineStep({
  name: 'DetectObjects',
  revision: 1,
  params: stepParams.DetectObjects,
  needs: { ExtractFrames: extractedSchema, PlanShards: shardsSchema },
  output: detectedSchema,
  async run({ params, device, plannedDevice, shard = 0, outputOf, artifacts, models, progress, signal, scratch }) {
    const [extracted, { output: plan }] = await Promise.all([outputOf('ExtractFrames'), outputOf('PlanShards')]);
    const { first, count } = plan.shards[shard]!;
    const detectors = await openDetectors(detectorsOf(params), { device, models, wanted: params.classes });
    let images = 0;
    let detections = 0;
    try {
      const pictures = picturesOf(extracted.artifacts, artifacts, first, count);
      const lines = async function* () {
        for await (const { id, ...found } of detectors.detect(pictures, { ...params, signal })) {
          images += 1;
          detections += found.detections.length;
          progress(images, count);
          yield `${JSON.stringify({ file: String(id), ...found } satisfies z.input<typeof detectedFrameSchema>)}\n`;
        }
      };
      const path = join(scratch, DETECTIONS_FILE);
      await pipeline(lines, createWriteStream(path));
      await artifacts.putFile(DETECTIONS_FILE, path);
    } finally {
      await detectors.close();
    }
    return { images, detections, device, plannedDevice, detectors: detectors.used, classes: [...detectors.classes] };
  },
});

/** The shard's pictures, in order, fetched a little ahead of the detector. */
async function* picturesOf(files: Artifact[], artifacts: StepArtifacts, first: number, count: number) {
  const byName = new Map(files.map((file) => [file.name, file]));
  const lines = await artifacts.local(byName.get(FRAMES_FILE)!);
  const ofShard = async function* () {
    let at = 0;
    for await (const { file } of readLines(lines, frameSchema)) {
      if (file === undefined) continue;
      if (at >= first + count) return;
      if (at >= first) yield file;
      at += 1;
    }
  };
  yield* inOrderAhead(ofShard(), FETCHES_AHEAD, async (file) => ({
    id: file,
    path: await artifacts.local(byName.get(`frames/${file}`)!),
  }));
}
