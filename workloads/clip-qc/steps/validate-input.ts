import { z } from 'zod';
import { InputError } from '#core/errors';
import { defineStep } from '#core/step';
import { mediaInfoSchema } from '#media/media-info';
import { probeMedia, requireVideo } from '#media/probe';
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
    requireKnownEnding(input.name);
    const source = await artifacts.open(input);
    try {
      const media = await probeMedia(source);
      requireVideo(media, input.name);
      return { media };
    } finally {
      await source.close();
    }
  },
  route: ({ media }) => ({ frames: media.video[0]?.frameCount ?? null }),
});

function requireKnownEnding(name: string): void {
  if (VIDEO_ENDINGS.some((ending) => name.toLowerCase().endsWith(ending))) return;
  throw new InputError(
    `${JSON.stringify(name)} does not end in one of ${VIDEO_ENDINGS.join(' ')}. Send a clip in one of these containers.`,
    { details: { name, endings: VIDEO_ENDINGS } },
  );
}
