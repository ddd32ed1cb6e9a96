import { defineWorkload } from '#core/workload';
import { datasetParams } from './contract.ts';

export default defineWorkload({
  name: 'dataset',
  version: '1.0.0',
  title: 'Video to labelled image dataset',
  description:
    'Cuts frames from a video, drops blurry and near-duplicate ones, detects objects and writes a COCO dataset.',
  params: datasetParams,
  input: { min: 1, max: 1, endings: ['.mp4', '.mov', '.mkv', '.avi', '.webm'] },
  steps: {
    ValidateInput: {
      runs: 'lambda',
      memoryMiB: 512,
      timeoutSeconds: 60,
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
      load: () => import('./steps/extract-frames.ts'),
    },
    PlanShards: {
      runs: 'lambda',
      memoryMiB: 512,
      timeoutSeconds: 60,
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
      load: () => import('./steps/detect-objects.ts'),
    },
    WriteReport: {
      runs: 'lambda',
      memoryMiB: 2048,
      timeoutSeconds: 600,
      load: () => import('./steps/write-report.ts'),
    },
  },
  models: ({ model }) => [model],
  example: () => import('./example.ts'),
  preview: () => import('./preview.ts'),
});
