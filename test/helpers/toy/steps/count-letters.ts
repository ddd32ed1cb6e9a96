import { z } from 'zod';
import { defineStep } from '#core/step';
import { letFaultHappen } from '../faults.ts';
import { toyStepParams } from '../step-params.ts';

export const countSchema = z.object({ word: z.string(), letters: z.int() });

/** Counts the letters of the shard's word. */
export default defineStep({
  name: 'CountLetters',
  revision: 1,
  params: toyStepParams.CountLetters,
  needs: { SplitWords: z.object({ words: z.array(z.string()) }) },
  output: countSchema,
  async run({ job, params: { fault }, shard = 0, outputOf, artifacts, progress, signal }) {
    const { output, artifacts: files } = await outputOf('SplitWords');
    const file = files.find(({ name }) => name === `words/${shard}.txt`)!;
    const word = Buffer.from(await artifacts.read(file)).toString();
    await letFaultHappen({ fault, place: `CountLetters-${shard}`, input: job.input, signal });
    progress(1, 1);
    return { word: output.words[shard]!, letters: word.length };
  },
});
