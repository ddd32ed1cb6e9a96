import type { PreviewLine, PreviewRequest } from '#core/workload';
import { probeMedia, requireVideo } from '#media/probe';
import type { ClipQcParams } from './contract.ts';
import { everyFor } from './sample-clip.ts';

/** What a job would do, as far as the input's head tells. */
export async function preview({ input, params, open, models }: PreviewRequest<ClipQcParams>): Promise<PreviewLine[]> {
  const { name } = input[0]!;
  const source = await open(input[0]!);
  const media = await probeMedia(source).finally(() => source.close());
  const { codec, width, height, frameRate, durationSeconds = media.durationSeconds } = requireVideo(media, name);
  const every = frameRate === undefined ? undefined : everyFor(frameRate, params.sampleFps);
  const { name: model, version, sha256 } = await models.fetch(params.model);
  const seconds = durationSeconds === undefined ? undefined : Math.min(durationSeconds, params.maxSeconds);
  return [
    { what: 'video', value: `${name}: ${media.container}, ${codec}, ${width}x${height}` },
    { what: 'seconds looked at', value: seconds?.toFixed(2) ?? 'not told by the file' },
    { what: 'frames to sample', value: framesIn(seconds, frameRate, every) },
    { what: 'rows of a frame', value: Math.min(height, params.maxHeight) },
    { what: 'text is read by', value: params.textEngine },
    { what: 'model', value: `${model} ${version}, sha256 ${sha256}` },
    { what: 'an artifact is', value: `P(NONE) below ${params.threshold}` },
  ];
}

function framesIn(seconds?: number, rate?: number, every?: number): string | number {
  if (seconds === undefined || rate === undefined || every === undefined) return 'not told by the file';
  return Math.ceil((seconds * rate) / every);
}
