import { join } from 'node:path';
import { z } from 'zod';
import { defineStep } from '#core/step';
import { mediaInfoSchema } from '#media/media-info';
import { FRAMES_FILE, sampledSchema, stepParams } from '../contract.ts';
import { sampleClip } from '../sample-clip.ts';

/** Decodes the clip once and keeps the frames that are looked at, pixel for pixel. */
export default defineStep({
  name: 'SampleFrames',
  revision: 1,
  params: stepParams.SampleFrames,
  needs: { ValidateInput: z.object({ media: mediaInfoSchema }) },
  output: sampledSchema,
  async run({ job, params, outputOf, artifacts, progress, signal, scratch }) {
    const { output } = await outputOf('ValidateInput');
    const input = job.input[0]!;
    const path = await artifacts.local(input);
    const { sha256, bytes } = await artifacts.digest(path);
    const { media } = output;
    const sampled = await sampleClip({ path, name: input.name, media, params, folder: scratch, signal });
    await artifacts.putFile(FRAMES_FILE, join(scratch, FRAMES_FILE), { mediaType: 'application/octet-stream' });
    progress(sampled.frames.length, sampled.frames.length);
    const { durationSeconds } = media;
    return {
      input: { name: input.name, sha256, bytes },
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
      ...sampled,
    };
  },
});
