import { defineWorkload } from '#core/workload';
import { type ClipQcParams, clipQcParams, stepParams, VIDEO_ENDINGS } from './contract.ts';
import revisions from './revisions.json' with { type: 'json' };

export default defineWorkload({
  name: 'clip-qc',
  version: '1.0.0',
  title: 'Artifacts in a generated clip',
  description: 'Finds text that changes by itself and flicker in a short generated clip, and shows the evidence.',
  params: clipQcParams,
  input: { min: 1, max: 1, endings: VIDEO_ENDINGS },
  steps: {
    ValidateInput: {
      runs: 'lambda',
      memoryMiB: 512,
      timeoutSeconds: 60,
      params: stepParams.ValidateInput,
      load: () => import('./steps/validate-input.ts'),
    },
    SampleFrames: {
      runs: 'container',
      image: 'media',
      devices: ['cpu'],
      vcpu: 2,
      memoryMiB: 4096,
      diskGiB: 30,
      runSeconds: 600,
      params: stepParams.SampleFrames,
      load: () => import('./steps/sample-frames.ts'),
    },
    MeasureClip: {
      runs: 'container',
      image: 'inference',
      devices: ['cpu'],
      vcpu: 2,
      memoryMiB: 4096,
      diskGiB: 30,
      runSeconds: 1_800,
      params: stepParams.MeasureClip,
      models: ({ model }: ClipQcParams) => [model],
      load: () => import('./steps/measure-clip.ts'),
    },
    WriteReport: {
      runs: 'lambda',
      memoryMiB: 1024,
      timeoutSeconds: 120,
      params: stepParams.WriteReport,
      load: () => import('./steps/write-report.ts'),
    },
  },
  revisions,
  example: () => import('./example.ts'),
  preview: () => import('./preview.ts'),
});
