import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MediaError } from '#core/errors';
import { defineStep } from '#core/step';
import { letFaultHappen } from '../faults.ts';
import { toyStepParams } from '../step-params.ts';

export const splitSchema = z.object({ words: z.array(z.string()) });

/** Writes every word into a file of its own. */
export default defineStep({
  name: 'SplitWords',
  revision: 1,
  params: toyStepParams.SplitWords,
  needs: {},
  output: splitSchema,
  async run({ job, params: { fault }, artifacts, progress, scratch, signal, logger }) {
    const at = { fault, input: job.input, signal };
    await letFaultHappen({ ...at, place: 'SplitWords-before' });
    const words = (await readFile(await artifacts.local(job.input[0]!), 'utf8')).trim().split(/\s+/);
    if (words.includes('forbidden')) throw new MediaError('A word is forbidden.', { details: { word: 'forbidden' } });
    for (const [index, word] of words.entries()) {
      const path = join(scratch, 'word.txt');
      await writeFile(path, word);
      await artifacts.putFile(`words/${index}.txt`, path, { result: `words/${index}.txt` });
      await letFaultHappen({ ...at, place: 'SplitWords-between' });
      progress(index + 1, words.length);
    }
    logger.info('split', { words: words.length });
    await letFaultHappen({ ...at, place: 'SplitWords-after' });
    return { words };
  },
});
