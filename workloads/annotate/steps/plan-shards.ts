import { defineStep } from '#core/step';
import { extractedSchema, MAX_SHARDS, shardsSchema, stepParams } from '../contract.ts';

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

/** Even shards of neighbouring frames: min(40, ceil(frames / framesPerShard)) of them. */
export function planShards(frames: number, framesPerShard: number): { first: number; count: number }[] {
  const shards = Math.min(MAX_SHARDS, Math.ceil(frames / framesPerShard));
  return Array.from({ length: shards }, (_, shard) => {
    const first = Math.floor((shard * frames) / shards);
    return { first, count: Math.floor(((shard + 1) * frames) / shards) - first };
  });
}
