import { MediaError } from '#core/errors';
import { planShards } from '#core/shards';
import { defineStep } from '#core/step';
import { ACTIVITIES_FILE, preparedActivitySchema, preparedSchema, shardsSchema, stepParams } from '../contract.ts';
import { readJsonLines } from '../json-lines.ts';

/** Cuts the phrases that have sound into the shards that are scored side by side. */
export default defineStep({
  name: 'PlanShards',
  revision: 1,
  params: stepParams.PlanShards,
  needs: { PrepareAudio: preparedSchema },
  output: shardsSchema,
  async run({ params, outputOf, artifacts }) {
    const { output, artifacts: files } = await outputOf('PrepareAudio');
    if (output.usable > 0) return { shards: planShards(output.usable, params.phrasesPerShard) };
    const path = await artifacts.local(files.find(({ name }) => name === ACTIVITIES_FILE)!);
    for await (const { id, phrases } of readJsonLines(path, preparedActivitySchema)) {
      const [phrase] = phrases;
      throw new MediaError(
        `None of the ${output.phrases} phrases has a sound to score; phrase ${phrase!.index} of activity ${id}: ${phrase!.failure}.`,
        { details: { phrases: output.phrases, activities: output.activities } },
      );
    }
    throw new MediaError('There is no phrase to score.');
  },
  route: ({ shards }) => ({ shards: shards.map((_, index) => index) }),
});
