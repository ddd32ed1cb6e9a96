import { planShards } from '#core/shards';
import { defineStep } from '#core/step';
import { extractedSchema, shardsSchema, stepParams } from '../contract.ts';

/** Cuts the sampled frames into the shards that are detected on side by side. */
export default defineStep({
  name: 'PlanShards',
  revision: 1,
  params: stepParams.PlanShards,
  needs: { ExtractFrames: extractedSchema },
  output: shardsSchema,
  async run({ params, outputOf }) {
    const { output } = await outputOf('ExtractFrames');
    return { shards: planShards(output.sampled, params.framesPerShard) };
  },
  route: ({ shards }) => ({ shards: shards.map((_, index) => index) }),
});
