import { z } from 'zod';
import { MediaError } from '#core/errors';
import { defineStep } from '#core/step';
import { toyStepParams } from '../step-params.ts';

/** Counts the words of the input, and refuses an input without any. */
export default defineStep({
  name: 'CheckWords',
  revision: 1,
  params: toyStepParams.CheckWords,
  needs: {},
  output: z.object({ words: z.int() }),
  async run({ job, artifacts }) {
    const [file] = job.input;
    const source = await artifacts.open(file!);
    const text = Buffer.from(await source.read(0, source.size)).toString();
    await source.close();
    if (text.trim() === '') throw new MediaError(`${file!.name} has no words.`, { details: { bytes: source.size } });
    return { words: text.trim().split(/\s+/).length };
  },
  route: ({ words }) => ({ words }),
});
