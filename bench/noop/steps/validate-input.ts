import { z } from 'zod';
import { defineStep } from '#core/step';

export const validSchema = z.object({ bytes: z.int() });

/** Tells how large the input is. */
export default defineStep({
  name: 'ValidateInput',
  revision: 1,
  params: z.object({}),
  needs: {},
  output: validSchema,
  async run({ job, artifacts }) {
    const source = await artifacts.open(job.input[0]!);
    await source.close();
    return { bytes: source.size };
  },
});
