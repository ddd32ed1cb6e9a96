import { z } from 'zod';
import type { Artifact } from '#core/artifact';
import { defineStep } from '#core/step';
import { mediaInfoSchema } from '#media/media-info';
import {
  extractedSchema,
  FRAMES_FILE,
  frameSchema,
  renderedSchema,
  SEGMENT_FILE,
  stepParams,
  trackedSchema,
} from '../contract.ts';
import { finishVideo } from '../finish-video.ts';
import { readLines } from '../json-lines.ts';

/** Puts the rendered segments one after another, without encoding again, beside the source's sound. */
export default defineStep({
  name: 'JoinSegments',
  revision: 3,
  params: stepParams.JoinSegments,
  needs: {
    ValidateInput: z.object({ media: mediaInfoSchema }),
    ExtractFrames: extractedSchema,
    TrackObjects: trackedSchema,
    RenderVideo: renderedSchema,
  },
  output: renderedSchema,
  async run({ job, outputOf, outputsOf, artifacts, signal, scratch }) {
    const { output: validated } = await outputOf('ValidateInput');
    const { output: extracted, artifacts: extractedFiles } = await outputOf('ExtractFrames');
    const { output: tracked } = await outputOf('TrackObjects');
    const rendered = await outputsOf('RenderVideo', tracked.segments.length);
    const input = job.input[0]!;
    const path = await artifacts.local(input);
    const paths = [];
    for (const { artifacts: files } of rendered) paths.push(await artifacts.local(named(files, SEGMENT_FILE)));
    const framesPath = await artifacts.local(named(extractedFiles, FRAMES_FILE));
    const stamps = await stampsOf(
      framesPath,
      tracked.segments.map(({ first }) => first),
    );
    const segments = paths.map((segment, at) => ({ path: segment, first: stamps[at]! }));
    const source = { path, name: input.name, media: validated.media };
    const file = await finishVideo({ segments, extracted, source, artifacts, scratch, signal });
    return { frames: extracted.frames, file, changes: rendered[0]!.output.changes };
  },
});

/** The stamps of the frames of these numbers. */
async function stampsOf(path: string, wanted: readonly number[]) {
  const found = new Map<number, { ticks: number; key: boolean }>();
  let frame = 0;
  for await (const { ticks, key } of readLines(path, frameSchema)) {
    if (wanted.includes(frame)) found.set(frame, { ticks, key });
    frame += 1;
  }
  return wanted.map((number) => found.get(number)!);
}

function named(files: Artifact[], name: string): Artifact {
  return files.find((file) => file.name === name)!;
}
