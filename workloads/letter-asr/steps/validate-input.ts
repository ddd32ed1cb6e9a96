import { MediaError, StepreelError } from '#core/errors';
import { inOrderAhead } from '#core/side-by-side';
import { defineStep } from '#core/step';
import { probeWav } from '#media/wav';
import { activitiesOfJob } from '../activities/job-activities.ts';
import { stepParams, validatedSchema } from '../contract.ts';

// A head is small and a store may be far.
const HEADS_AT_ONCE = 16;

/** Checks the file of activities and the heads of the wav files: a job in which nothing can be scored is refused here. */
export default defineStep({
  name: 'ValidateInput',
  revision: 2,
  params: stepParams.ValidateInput,
  needs: {},
  output: validatedSchema,
  async run({ job, params, artifacts }) {
    const { activities } = await activitiesOfJob(job.input, params, artifacts);
    const files = activities.flatMap(({ files }) => files);
    let seconds = 0;
    let recordings = 0;
    let refusal: unknown;
    const heads = inOrderAhead(files, HEADS_AT_ONCE, async (file) => {
      const source = await artifacts.open(file);
      return await probeWav(source, file.name)
        .catch((thrown: unknown) => thrown)
        .finally(() => source.close());
    });
    for await (const head of heads) {
      if (isFormat(head)) {
        recordings += 1;
        seconds += head.frames / head.sampleRateHz;
      } else if (head instanceof StepreelError && !head.retryable) refusal ??= head;
      else throw head;
    }
    // One bad packet costs its phrase; when all are bad there is nothing to do, and the first one says why.
    if (recordings === 0) throw refusal ?? new MediaError('There is no recording. Send wav files.');
    const phrases = activities.reduce((sum, { activity }) => sum + activity.phrases.length, 0);
    return { activities: activities.length, phrases, recordings, seconds: Number(seconds.toFixed(3)) };
  },
  route: ({ activities, phrases }) => ({ activities, phrases }),
});

function isFormat(head: unknown): head is Awaited<ReturnType<typeof probeWav>> {
  return typeof head === 'object' && head !== null && 'frames' in head;
}
