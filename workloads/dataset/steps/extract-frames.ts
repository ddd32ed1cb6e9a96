import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { eachSideBySide } from '#core/side-by-side';
import { defineStep } from '#core/step';
import { extractFrames } from '#media/frames';
import { mediaInfoSchema } from '#media/media-info';
import { extractedSchema, FRAMES_FILE, stepParams } from '../contract.ts';
import { frameFiles, readJsonLines } from '../json-lines.ts';
import { samplingOf } from '../sampling.ts';

// A picture is small and a store may be far: its answer takes longer than its bytes.
const PUTS_AT_ONCE = 16;

/** One pass over the video: samples, drops blurry and near-duplicate frames, and writes the pictures that are left. */
export default defineStep({
  name: 'ExtractFrames',
  revision: 1,
  params: stepParams.ExtractFrames,
  needs: { ValidateInput: z.object({ media: mediaInfoSchema }) },
  output: extractedSchema,
  async run({ job, params, outputOf, artifacts, progress, signal, scratch }) {
    const { output } = await outputOf('ValidateInput');
    const input = job.input[0]!;
    const [path, folder] = [await artifacts.local(input), join(scratch, 'images')];
    await mkdir(folder);
    const framesPath = join(scratch, FRAMES_FILE);
    const { sha256, bytes } = await artifacts.digest(path);
    const summary = await extractFrames({
      path,
      media: output.media,
      sampling: samplingOf(params),
      blur: params.blur ? { threshold: params.blurThreshold } : undefined,
      dedup: params.dedup ? { maxDistance: params.dedupDistance } : undefined,
      quality: params.jpegQuality,
      keepAll: params.keepAll,
      folder,
      recordsPath: framesPath,
      name: input.name,
      signal,
      onProgress: ({ sampled, seconds, durationSeconds = seconds }) =>
        progress(sampled, Math.round(sampled * Math.max(1, durationSeconds / Math.max(seconds, 0.001)))),
    });
    await eachSideBySide(frameFiles(readJsonLines(framesPath)), PUTS_AT_ONCE, async ({ file, verdict }) => {
      const place = verdict === 'kept' ? 'images' : 'dropped';
      await artifacts.putFile(`${place}/${file}`, join(folder, file), { result: `${place}/${file}` });
    });
    await artifacts.putFile(FRAMES_FILE, framesPath, { result: FRAMES_FILE });
    return { input: { name: input.name, sha256, bytes }, ...summary };
  },
});
