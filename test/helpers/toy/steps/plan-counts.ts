import { z } from 'zod';
import { defineStep } from '#core/step';
import { splitSchema } from './split-words.ts';

/** One shard for each word. */
export default defineStep({
  name: 'PlanCounts',
  revision: 1,
  params: z.object({ routeBytes: z.int().optional() }),
  needs: { SplitWords: splitSchema },
  output: z.object({ shards: z.int(), padding: z.string() }),
  async run({ outputOf, params }) {
    const { output } = await outputOf('SplitWords');
    return { shards: output.words.length, padding: 'x'.repeat(params.routeBytes ?? 0) };
  },
  route: ({ shards, padding }) => ({ shards: Array.from({ length: shards }, (_, shard) => shard), padding }),
});
