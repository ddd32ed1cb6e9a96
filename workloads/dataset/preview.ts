import { planShards } from '#core/shards';
import type { PreviewLine, PreviewRequest } from '#core/workload';
import { loadModel } from '#inference/models';
import { probeMedia, requireVideo } from '#media/probe';
import type { DatasetParams } from './contract.ts';

/** What a job would do, as far as the input's head tells: counts are the container's own claim. */
export async function preview({ input, params, open, models }: PreviewRequest<DatasetParams>): Promise<PreviewLine[]> {
  const { name } = input[0]!;
  const source = await open(input[0]!);
  const media = await probeMedia(source).finally(() => source.close());
  const track = requireVideo(media, name);
  const sampled = sampledFrames(params, track.frameCount, media.durationSeconds);
  const files = await models.fetch(params.model);
  const model = await loadModel(files.folder);
  return [
    { what: 'video', value: `${name}: ${media.container}, ${track.codec}, ${track.width}x${track.height}` },
    { what: 'seconds', value: media.durationSeconds?.toFixed(2) ?? 'not told by the file' },
    { what: 'frames to decode', value: track.frameCount ?? 'not told by the file' },
    { what: 'frames to sample', value: sampled ?? 'not told by the file' },
    { what: 'cleaning', value: cleaning(params) },
    { what: 'pictures', value: sampled === undefined ? 'not told by the file' : `at most ${sampled}` },
    {
      what: 'detection tasks',
      value:
        sampled === undefined ? 'not told by the file' : `at most ${planShards(sampled, params.framesPerShard).length}`,
    },
    {
      what: 'model',
      value: `${files.name} ${files.version}, ${model.input.width}x${model.input.height}, ${model.classes.length} classes, sha256 ${files.sha256}`,
    },
    { what: 'confidence, IoU', value: `${params.confidence}, ${params.iou}` },
    { what: 'classes', value: (params.classes ?? model.classes).join(', ') },
  ];
}

function sampledFrames({ every, fps, times }: DatasetParams, frames?: number, seconds?: number): number | undefined {
  if (times !== undefined) return times.length;
  if (fps !== undefined)
    return seconds === undefined ? undefined : Math.min(frames ?? Number.POSITIVE_INFINITY, Math.ceil(seconds * fps));
  return frames === undefined ? undefined : Math.ceil(frames / (every ?? 1));
}

function cleaning({ blur, blurThreshold, dedup, dedupDistance }: DatasetParams): string {
  const parts = [
    ...(blur ? [`blurry below ${blurThreshold}`] : []),
    ...(dedup ? [`near-duplicates within ${dedupDistance} bits`] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}
