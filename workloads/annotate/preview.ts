import { planShards } from '#core/shards';
import type { ModelSource } from '#core/step';
import type { PreviewLine, PreviewRequest } from '#core/workload';
import { endpointNamed } from '#inference/endpoints/endpoint-config';
import { probeMedia, requireVideo } from '#media/probe';
import { type AnnotateParams, type DetectorRef, detectorsOf } from './contract.ts';
import { DEFAULTS } from './defaults.ts';

const NOT_TOLD = 'not told by the file';

/** What a job would do, as far as the input's head tells: counts are the container's own claim. */
export async function preview({ input, params, open, models }: PreviewRequest<AnnotateParams>): Promise<PreviewLine[]> {
  const [{ name }, location] = [input[0]!, input[1]];
  const source = await open(input[0]!);
  const media = await probeMedia(source).finally(() => source.close());
  const { codec, width, height, frameCount, durationSeconds = media.durationSeconds } = requireVideo(media, name);
  const sampled = framesToSample(params, frameCount, durationSeconds);
  const detectors = await Promise.all(detectorsOf(params).map((ref) => describeDetector(ref, models)));
  return [
    { what: 'video', value: `${name}: ${media.container}, ${codec}, ${width}x${height}` },
    { what: 'seconds', value: durationSeconds?.toFixed(2) ?? NOT_TOLD },
    { what: 'frames to draw on', value: frameCount ?? NOT_TOLD },
    { what: 'frames to sample', value: sampled ?? NOT_TOLD },
    {
      what: 'detection tasks',
      value: sampled === undefined ? NOT_TOLD : planShards(sampled, params.framesPerShard).length,
    },
    ...detectors.map((value) => ({ what: 'detector', value })),
    { what: 'confidence, IoU', value: `${params.confidence}, ${params.iou}` },
    { what: 'tracks', value: params.track ? `begin at a score of ${params.trackConfidence}` : 'none' },
    { what: 'location file', value: location?.name ?? 'none' },
    { what: 'encoder', value: `${params.codec}, crf ${params.crf}, preset ${params.preset}` },
  ];
}

function framesToSample({ every, fps }: AnnotateParams, frames?: number, seconds?: number): number | undefined {
  if (fps === undefined) return frames === undefined ? undefined : Math.ceil(frames / (every ?? DEFAULTS.every));
  if (seconds === undefined) return undefined;
  return Math.min(frames ?? Number.POSITIVE_INFINITY, Math.ceil(seconds * fps));
}

/** @throws InputError for an endpoint that the operator has not listed. */
async function describeDetector(ref: DetectorRef, models: ModelSource): Promise<string> {
  if ('endpoint' in ref) return `${ref.endpoint}, ${(await endpointNamed(ref.endpoint)).protocol} at an endpoint`;
  const { name, version, sha256 } = await models.fetch(ref.model);
  return `${name} ${version}, sha256 ${sha256}`;
}
