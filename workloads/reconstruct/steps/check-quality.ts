import { defineStep } from '#core/step';
import { checkedSchema, estimatedSchema, matchedSchema, stepParams } from '../contract.ts';
import { judgeQuality } from '../quality-gate.ts';

/** The gate: what is not good enough is refused here, with the reason and how to take a better capture. */
export default defineStep({
  name: 'CheckQuality',
  revision: 1,
  params: stepParams.CheckQuality,
  needs: { MatchFeatures: matchedSchema, EstimateCameras: estimatedSchema },
  output: checkedSchema,
  async run({ outputOf }) {
    const { output: matched } = await outputOf('MatchFeatures');
    const { output: estimated } = await outputOf('EstimateCameras');
    return judgeQuality(estimated, matched);
  },
  route: ({ verdict }) => ({ verdict }),
});
