import { MediaError } from '#core/errors';
import { planShards } from '#core/shards';
import { defineStep } from '#core/step';
import { extractedSchema, shardsSchema, stepParams } from '../contract.ts';

/** Cuts the kept frames into the shards that are detected on side by side. */
export default defineStep({
  name: 'PlanShards',
  revision: 1,
  params: stepParams.PlanShards,
  needs: { ExtractFrames: extractedSchema },
  output: shardsSchema,
  async run({ job, params, outputOf }) {
    const { output } = await outputOf('ExtractFrames');
    if (output.kept === 0) {
      throw new MediaError(
        `No frame of ${JSON.stringify(job.input[0]!.name)} is left: of ${output.sampled} sampled, all ${output.blurry} were below sharpness ${params.blurThreshold}. Lower blurThreshold, or turn blur off.`,
        { details: { sampled: output.sampled, blurry: output.blurry, blurThreshold: params.blurThreshold } },
      );
    }
    return { shards: planShards(output.kept, params.framesPerShard) };
  },
  route: ({ shards }) => ({ shards: shards.map((_, index) => index) }),
});
