import { defineWorkload } from '#core/workload';
import { type DatasetParams, datasetParams, stepParams, VIDEO_ENDINGS } from './contract.ts';
import revisions from './revisions.json' with { type: 'json' };

export default defineWorkload({
  name: 'dataset',
  version: '1.0.0',
  title: 'Video to labelled image dataset',
  description:
    'Cuts frames from a video, drops blurry and near-duplicate ones, detects objects and writes a COCO dataset.',
  params: datasetParams,
  input: { min: 1, max: 1, endings: VIDEO_ENDINGS },
  steps: {
    ValidateInput: {
      runs: 'lambda',
      memoryMiB: 512,
      timeoutSeconds: 60,
      params: stepParams.ValidateInput,
      load: () => import('./steps/validate-input.ts'),
    },
    ExtractFrames: {
      runs: 'container',
      image: 'media',
      devices: ['cpu'],
      vcpu: 2,
      memoryMiB: 4096,
      diskGiB: 60,
      runSeconds: 14_400,
      params: stepParams.ExtractFrames,
      load: () => import('./steps/extract-frames.ts'),
    },
    PlanShards: {
      runs: 'lambda',
      memoryMiB: 512,
      timeoutSeconds: 60,
      params: stepParams.PlanShards,
      load: () => import('./steps/plan-shards.ts'),
    },
    DetectObjects: {
      runs: 'container',
      image: 'inference',
      devices: ['gpu', 'cpu'],
      vcpu: 2,
      memoryMiB: 4096,
      diskGiB: 30,
      runSeconds: 14_400,
      params: stepParams.DetectObjects,
      models: ({ model }: DatasetParams) => [model],
      load: () => import('./steps/detect-objects.ts'),
    },
    WriteReport: {
      runs: 'lambda',
      memoryMiB: 2048,
      timeoutSeconds: 600,
      params: stepParams.WriteReport,
      load: () => import('./steps/write-report.ts'),
    },
  },
  revisions,
  example: () => import('./example.ts'),
  preview: () => import('./preview.ts'),
});
