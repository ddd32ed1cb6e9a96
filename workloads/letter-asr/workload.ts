import { defineWorkload } from '#core/workload';
import { ACTIVITY_ENDINGS } from './activities/read-rows.ts';
import { type LetterAsrParams, letterAsrParams, stepParams } from './contract.ts';
import revisions from './revisions.json' with { type: 'json' };

const lambda = { runs: 'lambda', memoryMiB: 1024, timeoutSeconds: 300 } as const;

export default defineWorkload({
  name: 'letter-asr',
  version: '1.0.0',
  title: 'Spoken letters to verdicts',
  description:
    'Hears recordings of letter names and letter sounds and judges each expected letter: correct, wrong or missing.',
  params: letterAsrParams,
  // One file of activities beside the recordings.
  input: { min: 2, max: 1000, endings: ['.wav', ...ACTIVITY_ENDINGS] },
  steps: {
    ValidateInput: {
      ...lambda,
      params: stepParams.ValidateInput,
      models: takenOverByName,
      load: () => import('./steps/validate-input.ts'),
    },
    PrepareAudio: {
      runs: 'container',
      image: 'media',
      devices: ['cpu'],
      vcpu: 2,
      memoryMiB: 4096,
      diskGiB: 60,
      runSeconds: 14_400,
      params: stepParams.PrepareAudio,
      models: takenOverByName,
      load: () => import('./steps/prepare-audio.ts'),
    },
    PlanShards: { ...lambda, params: stepParams.PlanShards, load: () => import('./steps/plan-shards.ts') },
    ScorePhrases: {
      runs: 'container',
      image: 'inference',
      devices: ['gpu', 'cpu'],
      vcpu: 2,
      memoryMiB: 4096,
      diskGiB: 30,
      runSeconds: 14_400,
      params: stepParams.ScorePhrases,
      models: heardBy,
      callsEndpoints: 'speech',
      load: () => import('./steps/score-phrases.ts'),
    },
    PublishResults: {
      ...lambda,
      timeoutSeconds: 900,
      callsEndpoints: 'graphql',
      params: stepParams.PublishResults,
      // Another job's call has told the endpoint nothing about this job.
      models: ({ publish }: LetterAsrParams) => (publish === undefined ? [] : undefined),
      load: () => import('./steps/publish-results.ts'),
    },
    WriteReport: {
      ...lambda,
      memoryMiB: 2048,
      timeoutSeconds: 600,
      params: stepParams.WriteReport,
      load: () => import('./steps/write-report.ts'),
    },
  },
  revisions,
  example: () => import('./example.ts'),
  preview: () => import('./preview.ts'),
  orders: () => import('./activities/orders.ts'),
});

/** Where a file lies is in no digest: what was decided by folders is never taken over by another job. */
function takenOverByName({ activityFrom }: LetterAsrParams): string[] | undefined {
  return activityFrom === 'folder' ? undefined : [];
}

/** What answers at an endpoint may be another model tomorrow. */
function heardBy({ model, endpoint }: LetterAsrParams): string[] | undefined {
  return endpoint === undefined ? [model] : undefined;
}
