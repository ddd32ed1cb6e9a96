import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { eachSideBySide, inOrderAhead } from '#core/side-by-side';
import { defineStep, type Logger } from '#core/step';
import { activitiesOfJob } from '../activities/job-activities.ts';
import { ACTIVITIES_FILE, type PreparedActivity, preparedSchema, stepParams, validatedSchema } from '../contract.ts';
import { SAMPLE_RATE_HZ } from '../defaults.ts';
import { prepareActivity } from '../phrases/prepare-activity.ts';

// Files are small and a store may be far.
const FETCHES_AT_ONCE = 16;
const ACTIVITIES_AT_ONCE = 4;
const MOST_NOTES = 100;

/** Puts each activity's files together: phrases of mono sound at 16 kHz, and what is missing of them. */
export default defineStep({
  name: 'PrepareAudio',
  revision: 2,
  params: stepParams.PrepareAudio,
  needs: { ValidateInput: validatedSchema },
  output: preparedSchema,
  async run({ job, params, artifacts, progress, measure, logger, signal, scratch }) {
    const { activities, notes } = await activitiesOfJob(job.input, params, artifacts);
    const linesPath = join(scratch, ACTIVITIES_FILE);
    await mkdir(join(scratch, 'audio'));
    const counts = { activities: activities.length, phrases: 0, usable: 0, seconds: 0 };
    let done = 0;
    const prepared = inOrderAhead(activities.entries(), ACTIVITIES_AT_ONCE, async ([at, each]) => {
      const start = performance.now();
      const audio = `audio/${String(at).padStart(5, '0')}.wav`;
      const activity = await prepareActivity(each, {
        source: params.source,
        artifacts,
        folder: scratch,
        audio,
        signal,
      });
      // The copy is another's now; what stays here would fill the disk.
      if (activity.audio !== undefined) await artifacts.putFile(audio, join(scratch, audio));
      await rm(join(scratch, audio), { force: true });
      measure('ActivityPrepareMs', performance.now() - start, 'Milliseconds');
      return activity;
    });
    const lines = async function* () {
      for await (const activity of prepared) {
        tellGaps(activity, logger);
        const usable = activity.phrases.filter(({ failure }) => failure === undefined);
        measure('PhrasesProcessed', usable.length);
        measure('PhrasesFailed', activity.phrases.length - usable.length);
        counts.phrases += activity.phrases.length;
        counts.usable += usable.length;
        counts.seconds += usable.reduce((sum, { samples }) => sum + samples, 0) / SAMPLE_RATE_HZ;
        done += 1;
        progress(done, activities.length);
        yield `${JSON.stringify(activity)}\n`;
      }
    };
    await pipeline(lines, createWriteStream(linesPath));
    logger.info('sound prepared', { phase: 'audio-prep', ...counts });
    await artifacts.putFile(ACTIVITIES_FILE, linesPath);

    const input: { name: string; sha256: string; bytes: number }[] = new Array(job.input.length);
    await eachSideBySide(job.input.entries(), FETCHES_AT_ONCE, async ([at, file]) => {
      input[at] = { name: file.name, ...(await artifacts.digest(await artifacts.local(file))) };
    });
    return { input, ...counts, seconds: Number(counts.seconds.toFixed(3)), notes: notes.slice(0, MOST_NOTES) };
  },
});

function tellGaps({ id, phrases }: PreparedActivity, logger: Logger): void {
  for (const { index, failure, gaps } of phrases) {
    const place = { activityId: id, phraseIndex: index };
    if (failure !== undefined) logger.warn('phrase without sound', { ...place, reason: failure });
    else if (gaps.length > 0) logger.warn('packets of a phrase are missing', { ...place, packets: gaps.length });
  }
}
