import { join } from 'node:path';
import { z } from 'zod';
import { eachSideBySide } from '#core/side-by-side';
import { defineStep } from '#core/step';
import { openJsonLines } from '#media/json-lines';
import { mediaInfoSchema } from '#media/media-info';
import { requireVideo } from '#media/probe';
import { type Survey, surveyVideo } from '#media/render/survey';
import { extractedSchema, FRAMES_FILE, type FrameLine, stepParams } from '../contract.ts';
import { DEFAULTS, JPEG_QUALITY } from '../defaults.ts';
import { lastDuration } from '../last-duration.ts';

// A picture is small and a store may be far: its answer takes longer than its bytes.
const PUTS_AT_ONCE = 16;

/** One pass over the video: the time stamp of every frame, and the sampled ones as pictures. */
export default defineStep({
  name: 'ExtractFrames',
  revision: 2,
  params: stepParams.ExtractFrames,
  needs: { ValidateInput: z.object({ media: mediaInfoSchema }) },
  output: extractedSchema,
  async run({ job, params, outputOf, artifacts, progress, signal, scratch }) {
    const { output } = await outputOf('ValidateInput');
    const { media } = output;
    const input = job.input[0]!;
    const [path, folder] = [await artifacts.local(input), join(scratch, 'frames')];
    const { sha256, bytes } = await artifacts.digest(path);
    const promised = requireVideo(media, input.name).frameCount;
    const survey = await surveyVideo({
      ...{ path, name: input.name, media, folder, signal, quality: JPEG_QUALITY },
      sampling: params.fps === undefined ? { every: params.every ?? DEFAULTS.every } : { fps: params.fps },
      onProgress: (frames) => progress(frames, Math.max(frames, promised ?? 0)),
    });
    const { frames, sampled } = survey;
    const files = new Map(sampled.map((frame, at) => [frame, `${at + 1}.jpg`]));
    await eachSideBySide(files.values(), PUTS_AT_ONCE, (file) =>
      artifacts.putFile(`frames/${file}`, join(folder, file)),
    );
    const lines = join(scratch, FRAMES_FILE);
    await writeFrames(lines, survey, files);
    await artifacts.putFile(FRAMES_FILE, lines);
    return {
      input: { name: input.name, sha256, bytes },
      facts: survey.facts,
      frames: frames.length,
      sampled: sampled.length,
      damaged: survey.damaged,
      firstTicks: frames[0]!.ticks,
      lastTicks: frames.at(-1)!.ticks,
      lastDurationTicks: lastDuration(survey, media),
      ...(survey.stoppedAt ? { stoppedAt: survey.stoppedAt } : {}),
    };
  },
});

async function writeFrames(path: string, { frames }: Survey, files: Map<number, string>): Promise<void> {
  const lines = await openJsonLines(path);
  try {
    for (const [frame, stamp] of frames.entries()) {
      const file = files.get(frame);
      await lines.write({ ...stamp, ...(file === undefined ? {} : { file }) } satisfies FrameLine);
    }
  } finally {
    await lines.close();
  }
}
