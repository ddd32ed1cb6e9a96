import { defineWorkload } from '#core/workload';
import { PICTURE_ENDINGS, reconstructParams, stepParams, VIDEO_ENDINGS } from './contract.ts';
import { MOST_FRAMES } from './defaults.ts';
import revisions from './revisions.json' with { type: 'json' };

const lambda = { runs: 'lambda', memoryMiB: 512, timeoutSeconds: 60 } as const;
const engine = { runs: 'container', image: 'photogrammetry', devices: ['cpu'], diskGiB: 60 } as const;

export default defineWorkload({
  name: 'reconstruct',
  version: '1.0.0',
  title: 'Video to 3-D model',
  description:
    'Turns a walk around something into cameras, point clouds and a mesh, with measured quality, or a clear no.',
  params: reconstructParams,
  // Beside the pictures there may be a mask of each, and a vocabulary tree.
  input: { min: 1, max: 2 * MOST_FRAMES + 1, endings: [...VIDEO_ENDINGS, ...PICTURE_ENDINGS] },
  steps: {
    ValidateInput: { ...lambda, params: stepParams.ValidateInput, load: () => import('./steps/validate-input.ts') },
    SelectFrames: {
      ...{ runs: 'container', image: 'media', devices: ['cpu'], diskGiB: 60 },
      ...{ vcpu: 2, memoryMiB: 4096, runSeconds: 3_600 },
      params: stepParams.SelectFrames,
      load: () => import('./steps/select-frames.ts'),
    },
    ExtractFeatures: {
      ...engine,
      ...{ vcpu: 8, memoryMiB: 16_384, runSeconds: 7_200 },
      params: stepParams.ExtractFeatures,
      load: () => import('./steps/extract-features.ts'),
    },
    MatchFeatures: {
      ...engine,
      ...{ vcpu: 8, memoryMiB: 16_384, runSeconds: 14_400 },
      params: stepParams.MatchFeatures,
      load: () => import('./steps/match-features.ts'),
    },
    EstimateCameras: {
      ...engine,
      ...{ vcpu: 4, memoryMiB: 16_384, runSeconds: 14_400 },
      params: stepParams.EstimateCameras,
      load: () => import('./steps/estimate-cameras.ts'),
    },
    CheckQuality: { ...lambda, params: stepParams.CheckQuality, load: () => import('./steps/check-quality.ts') },
    DensifyCloud: {
      ...engine,
      ...{ devices: ['gpu', 'cpu'], vcpu: 4, memoryMiB: 16_384, runSeconds: 14_400 },
      params: stepParams.DensifyCloud,
      load: () => import('./steps/densify-cloud.ts'),
    },
    BuildMesh: {
      ...engine,
      ...{ vcpu: 4, memoryMiB: 16_384, runSeconds: 3_600 },
      params: stepParams.BuildMesh,
      load: () => import('./steps/build-mesh.ts'),
    },
    WriteReport: {
      ...lambda,
      ...{ memoryMiB: 4096, timeoutSeconds: 600 },
      params: stepParams.WriteReport,
      load: () => import('./steps/write-report.ts'),
    },
  },
  revisions,
  preview: () => import('./preview.ts'),
  example: () => import('./example.ts'),
});
