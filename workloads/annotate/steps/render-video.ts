import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact } from '#core/artifact';
import { defineStep } from '#core/step';
import { mediaInfoSchema } from '#media/media-info';
import { requireEncoder } from '#media/render/encoders';
import { writePoster } from '#media/render/poster';
import { renderSegment } from '#media/render/render-segment';
import { secondsAt } from '#media/render/time-base';
import { boxesPerFrame } from '../boxes-per-frame.ts';
import { changesTo } from '../changes.ts';
import {
  extractedSchema,
  FRAMES_FILE,
  type FrameLine,
  frameSchema,
  POSTER_FILE,
  renderedSchema,
  SEGMENT_FILE,
  stepParams,
  TRACKED_FILE,
  trackedFrameSchema,
  trackedSchema,
} from '../contract.ts';
import { finishVideo } from '../finish-video.ts';
import { readLines } from '../json-lines.ts';

/** Draws the boxes on one segment of the video. A video of one segment is finished here, sound and all. */
export default defineStep({
  name: 'RenderVideo',
  revision: 3,
  params: stepParams.RenderVideo,
  needs: {
    ValidateInput: z.object({ media: mediaInfoSchema }),
    ExtractFrames: extractedSchema,
    TrackObjects: trackedSchema,
  },
  output: renderedSchema,
  async run({ job, params, shard = 0, outputOf, artifacts, progress, signal, scratch }) {
    await requireEncoder(params.codec);
    const { output: validated } = await outputOf('ValidateInput');
    const { output: extracted, artifacts: extractedFiles } = await outputOf('ExtractFrames');
    const { output: tracked, artifacts: trackedFiles } = await outputOf('TrackObjects');
    const { media } = validated;
    const { facts } = extracted;
    const { first, count } = tracked.segments[shard]!;
    const input = job.input[0]!;
    const [path, framesPath, trackedPath] = await Promise.all([
      artifacts.local(input),
      artifacts.local(named(extractedFiles, FRAMES_FILE)),
      artifacts.local(named(trackedFiles, TRACKED_FILE)),
    ]);
    const frames = await segmentOf(framesPath, first, count);
    const boxes = boxesPerFrame(readLines(trackedPath, trackedFrameSchema), {
      ...{ first, count },
      times: (frame) => secondsAt(frames[frame - first]!, facts),
    });
    const { loss, kept } = await renderSegment({
      ...{ path, name: input.name, media, facts, frames, boxes, signal },
      fromStart: first === 0,
      style: { labels: params.labels, confidence: params.showConfidence, legend: params.legend },
      encode: params,
      folder: scratch,
      file: SEGMENT_FILE,
      keep: tracked.posterFrame - first,
      onProgress: (done) => progress(done, count),
    });
    if (kept) {
      await writePoster({ picture: kept, facts, codec: params.codec, folder: scratch, file: POSTER_FILE, signal });
      await artifacts.putFile(POSTER_FILE, join(scratch, POSTER_FILE), { result: POSTER_FILE });
    }
    const changes = changesTo(media, facts, params.codec);
    const segment = { path: join(scratch, SEGMENT_FILE), first: frames[0]! };
    if (tracked.segments.length > 1) {
      await artifacts.putFile(SEGMENT_FILE, segment.path);
      return { frames: count, changes, loss };
    }
    const source = { path, name: input.name, media };
    const file = await finishVideo({ segments: [segment], extracted, source, artifacts, scratch, signal });
    return { frames: count, file, changes, loss };
  },
});

async function segmentOf(path: string, first: number, count: number): Promise<FrameLine[]> {
  const frames: FrameLine[] = [];
  let at = 0;
  for await (const frame of readLines(path, frameSchema)) {
    if (at >= first + count) break;
    if (at >= first) frames.push(frame);
    at += 1;
  }
  return frames;
}

function named(files: Artifact[], name: string): Artifact {
  return files.find((file) => file.name === name)!;
}
