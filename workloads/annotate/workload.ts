import { defineWorkload } from '#core/workload';
import { type AnnotateParams, annotateParams, detectorsOf, stepParams, VIDEO_ENDINGS } from './contract.ts';
import revisions from './revisions.json' with { type: 'json' };

const lambda = { runs: 'lambda', memoryMiB: 512, timeoutSeconds: 60 } as const;
const media = { runs: 'container', image: 'media', devices: ['cpu'], memoryMiB: 4096, runSeconds: 14_400 } as const;

export default defineWorkload({
  name: 'annotate',
  version: '1.0.0',
  title: 'Video with its detections drawn',
  description:
    'Detects objects in a video, follows them, and gives the video back with boxes drawn, beside detections and statistics.',
  params: annotateParams,
  // A location file may follow the video; by itself it is no job, so uploads do not know its ending.
  input: { min: 1, max: 2, endings: VIDEO_ENDINGS },
  steps: {
    ValidateInput: { ...lambda, params: stepParams.ValidateInput, load: () => import('./steps/validate-input.ts') },
    ExtractFrames: {
      ...media,
      params: stepParams.ExtractFrames,
      vcpu: 2,
      diskGiB: 60,
      load: () => import('./steps/extract-frames.ts'),
    },
    PlanShards: { ...lambda, params: stepParams.PlanShards, load: () => import('./steps/plan-shards.ts') },
    DetectObjects: {
      runs: 'container',
      image: 'inference',
      devices: ['gpu', 'cpu'],
      vcpu: 2,
      memoryMiB: 4096,
      diskGiB: 30,
      runSeconds: 14_400,
      params: stepParams.DetectObjects,
      models: modelsFor,
      callsEndpoints: 'detectors',
      load: () => import('./steps/detect-objects.ts'),
    },
    TrackObjects: {
      ...lambda,
      params: stepParams.TrackObjects,
      memoryMiB: 2048,
      timeoutSeconds: 600,
      load: () => import('./steps/track-objects.ts'),
    },
    RenderVideo: {
      ...media,
      params: stepParams.RenderVideo,
      vcpu: 4,
      memoryMiB: 8192,
      diskGiB: 60,
      load: () => import('./steps/render-video.ts'),
    },
    JoinSegments: {
      ...media,
      params: stepParams.JoinSegments,
      vcpu: 2,
      diskGiB: 120,
      load: () => import('./steps/join-segments.ts'),
    },
    WriteReport: {
      ...lambda,
      params: stepParams.WriteReport,
      memoryMiB: 2048,
      timeoutSeconds: 600,
      load: () => import('./steps/write-report.ts'),
    },
  },
  revisions,
  example: () => import('./example.ts'),
  preview: () => import('./preview.ts'),
});

/** What answers at an endpoint may be another model tomorrow. */
function modelsFor(params: AnnotateParams): string[] | undefined {
  const detectors = detectorsOf(params);
  const models = detectors.flatMap((detector) => ('model' in detector ? [detector.model] : []));
  return models.length === detectors.length ? models : undefined;
}
