import { z } from 'zod';
import { requireKnownEnding } from '#core/input-ending';
import type { JobInput } from '#core/job';
import { defineStep } from '#core/step';
import { mediaInfoSchema } from '#media/media-info';
import { probeVideo } from '#media/probe-video';
import { stepParams, VIDEO_ENDINGS } from '../contract.ts';
import { LOCATION_ENDINGS, readLocation } from '../location.ts';

/** Checks the submitted file by its head and index alone: a file that can't be annotated is refused here. */
export default defineStep({
  name: 'ValidateInput',
  revision: 1,
  params: stepParams.ValidateInput,
  needs: {},
  output: z.object({ media: mediaInfoSchema }),
  async run({ job, artifacts }) {
    const [input, location] = job.input as [JobInput, JobInput?];
    requireKnownEnding(input.name, VIDEO_ENDINGS, 'Send a video in one of these containers.');
    if (location) {
      requireKnownEnding(location.name, LOCATION_ENDINGS, 'Beside the video only a location file is taken.');
      await readLocation(await artifacts.local(location), location.name);
    }
    return { media: await probeVideo(input, artifacts) };
  },
  route: ({ media }) => ({ frames: media.video[0]?.frameCount ?? null }),
});
