import { z } from 'zod';
import { requireKnownEnding } from '#core/input-ending';
import { defineStep } from '#core/step';
import { mediaInfoSchema } from '#media/media-info';
import { probeVideo } from '#media/probe-video';
import { stepParams, VIDEO_ENDINGS } from '../contract.ts';

/** Checks the submitted file by its head and index alone: a file that is no clip is refused here. */
export default defineStep({
  name: 'ValidateInput',
  revision: 1,
  params: stepParams.ValidateInput,
  needs: {},
  output: z.object({ media: mediaInfoSchema }),
  async run({ job, artifacts }) {
    const input = job.input[0]!;
    requireKnownEnding(input.name, VIDEO_ENDINGS, 'Send a clip in one of these containers.');
    return { media: await probeVideo(input, artifacts) };
  },
  route: ({ media }) => ({ frames: media.video[0]?.frameCount ?? null }),
});
