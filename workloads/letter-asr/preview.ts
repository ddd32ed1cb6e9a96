import { InputError } from '#core/errors';
import { planShards } from '#core/shards';
import type { StepArtifacts } from '#core/step';
import type { PreviewLine, PreviewRequest } from '#core/workload';
import { loadAcousticModel } from '#inference/models';
import { probeWav } from '#media/wav';
import { activitiesOfJob } from './activities/job-activities.ts';
import type { LetterAsrParams } from './contract.ts';

// A few heads tell the rest.
const HEADS = 50;

/** What a job would do, as far as the file of activities and the heads of the recordings tell. */
export async function preview({
  input,
  params,
  open,
  models,
}: PreviewRequest<LetterAsrParams>): Promise<PreviewLine[]> {
  const { activities, notes } = await activitiesOfJob(input, params, { local: localPath });
  const files = activities.flatMap((each) => each.files);
  const phrases = activities.reduce((sum, { activity }) => sum + activity.phrases.length, 0);
  const letters = activities.flatMap(({ activity }) => activity.phrases.flatMap(({ expected }) => expected)).length;
  let seconds = 0;
  for (const file of files.slice(0, HEADS)) {
    const source = await open(file);
    const { frames, sampleRateHz } = await probeWav(source, file.name).finally(() => source.close());
    seconds += frames / sampleRateHz;
  }
  const model = await models.fetch(params.model);
  const { classes } = await loadAcousticModel(model.folder);
  return [
    { what: 'activities', value: activities.length },
    { what: 'phrases, letters', value: `${phrases}, ${letters}` },
    { what: 'recordings', value: files.length },
    { what: files.length > HEADS ? `seconds of the first ${HEADS}` : 'seconds', value: seconds.toFixed(2) },
    { what: 'scoring tasks', value: `at most ${planShards(phrases, params.phrasesPerShard).length}` },
    { what: 'model', value: `${model.name} ${model.version}, ${classes.length} tokens, sha256 ${model.sha256}` },
    { what: 'decoder', value: params.decoder === 'beam' ? `beam of ${params.beamWidth}` : 'greedy' },
    { what: 'published to', value: params.publish ?? 'nobody' },
    ...notes.slice(0, 20).map((note) => ({ what: 'note', value: note })),
  ];
}

/** A dry run is made where its files are. */
const localPath: StepArtifacts['local'] = async (source) => {
  if ('uri' in source && !/^[a-z0-9]+:\/\//i.test(source.uri)) return source.uri;
  throw new InputError('A dry run reads the file of activities on this machine. Fetch it first.');
};
