import { join } from 'node:path';
import { followObjects } from '#annotation/tracking/follow-objects';
import type { Artifact } from '#core/artifact';
import { ContractError } from '#core/errors';
import { defineStep } from '#core/step';
import { openJsonLines } from '#media/json-lines';
import { secondsAt } from '#media/render/time-base';
import {
  DETECTIONS_FILE,
  detectedFrameSchema,
  detectedSchema,
  type Extracted,
  extractedSchema,
  FRAMES_FILE,
  frameSchema,
  shardsSchema,
  stepParams,
  TRACKED_FILE,
  type TrackedFrame,
  trackedSchema,
} from '../contract.ts';
import { readLines } from '../json-lines.ts';
import { planSegments } from '../plan-segments.ts';

// An object may be out of sight for two seconds, behind another one; for a third of one the detector may just miss it.
const PATIENCE = { maxLostSeconds: 2, maxFillSeconds: 0.3 };

/** Puts the shards' detections in order, numbers the objects, and plans how the video is rendered. */
export default defineStep({
  name: 'TrackObjects',
  revision: 2,
  params: stepParams.TrackObjects,
  needs: { ExtractFrames: extractedSchema, PlanShards: shardsSchema, DetectObjects: detectedSchema },
  output: trackedSchema,
  async run({ params, outputOf, outputsOf, artifacts, scratch }) {
    const extracted = await outputOf('ExtractFrames');
    const { output: plan } = await outputOf('PlanShards');
    const shards = await outputsOf('DetectObjects', plan.shards.length);
    const framesPath = await artifacts.local(named(extracted.artifacts, FRAMES_FILE));
    const found = await Promise.all(shards.map((shard) => artifacts.local(named(shard.artifacts, DETECTIONS_FILE))));

    const joined = joinFrames(framesPath, found, extracted.output);
    const followed = params.track ? followObjects(joined, { ...PATIENCE, sureScore: params.trackConfidence }) : joined;
    const path = join(scratch, TRACKED_FILE);
    const tracked = await openJsonLines(path);
    let [frames, tracks, posterFrame, most] = [0, 0, 0, -1];
    try {
      for await (const frame of followed) {
        await tracked.write(frame);
        frames += 1;
        tracks = frame.boxes.reduce((highest, { track = 0 }) => Math.max(highest, track), tracks);
        if (frame.boxes.length > most) [most, posterFrame] = [frame.boxes.length, frame.frame];
      }
    } finally {
      await tracked.close();
    }
    await artifacts.putFile(TRACKED_FILE, path);
    const segments = await planSegments(readLines(framesPath, frameSchema), params.framesPerSegment);
    return { frames, tracks, segments, posterFrame };
  },
  route: ({ segments }) => ({ segments: segments.map((_, at) => at), join: segments.length > 1 ? 'yes' : 'no' }),
});

/** The sampled frames in order, each with its detections, in pixels of the annotated video. */
async function* joinFrames(framesPath: string, paths: string[], { facts }: Extracted): AsyncGenerator<TrackedFrame> {
  const found = (async function* () {
    for (const path of paths) yield* readLines(path, detectedFrameSchema);
  })();
  let frame = -1;
  for await (const { file, ...stamp } of readLines(framesPath, frameSchema)) {
    frame += 1;
    if (file === undefined) continue;
    const { value } = await found.next();
    if (value?.file !== file)
      throw new ContractError(
        `The detections do not follow the frames: expected ${file}, found ${value?.file ?? 'the end'}.`,
      );
    // What was looked at has square pixels, the video keeps its own.
    const [scaleX, scaleY] = [facts.width / value.width, facts.height / value.height];
    const boxes = value.detections.map(({ box: [x, y, w, h], ...rest }) => {
      return { ...rest, box: [x * scaleX, y * scaleY, w * scaleX, h * scaleY] as const };
    });
    yield { frame, seconds: secondsAt(stamp, facts), boxes, ...(value.failed ? { failed: value.failed } : {}) };
  }
}

function named(files: Artifact[], name: string): Artifact {
  return files.find((file) => file.name === name)!;
}
