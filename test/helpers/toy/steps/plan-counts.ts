import { z } from 'zod';
import { defineStep } from '#core/step';
import { toyStepParams } from '../step-params.ts';
import { splitSchema } from './split-words.ts';

/** One shard for each word. */
export default defineStep({
  name: 'PlanCounts',
  revision: 1,
  params: toyStepParams.PlanCounts,
  needs: { SplitWords: splitSchema },
  output: z.object({ shards: z.int(), padding: z.string() }),
  async run({ outputOf, params }) {
    const { output } = await outputOf('SplitWords');
    return { shards: output.words.length, padding: 'x'.repeat(params.routeBytes ?? 0) };
  },
  route: ({ shards, padding }) => ({ shards: Array.from({ length: shards }, (_, shard) => shard), padding }),
});
