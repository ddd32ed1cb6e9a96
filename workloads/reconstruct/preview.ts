import { availableParallelism } from 'node:os';
import type { PreviewLine, PreviewRequest } from '#core/workload';
import { probeMedia, requireVideo } from '#media/probe';
import type { ReconstructParams } from './contract.ts';
import { VIDEO_ENDINGS } from './contract.ts';
import { type Estimate, estimate } from './estimate.ts';
import { pairingFor } from './pairing.ts';
import { candidatesOf } from './selection/look-at-video.ts';
import { sortInput } from './sort-input.ts';

/** A phone's picture, where the input's head is not read: sizes of pictures are seen when they are looked at. */
const PICTURE = { width: 4000, height: 3000 };

/** What a job would do and about how long that takes here, as far as names and the input's head tell. */
export async function preview({ input, params, open }: PreviewRequest<ReconstructParams>): Promise<PreviewLine[]> {
  const { media, trees, masks } = sortInput(input);
  const first = media[0]!;
  const kind = VIDEO_ENDINGS.some((ending) => first.name.toLowerCase().endsWith(ending)) ? 'video' : 'pictures';
  const { lines, candidates, size } = kind === 'video' ? await ofVideo(first, params, open) : ofPictures(media.length);
  const frames = Math.min(params.maxFrames, candidates);
  const pairing = pairingFor(params.matching, { kind, frames: Array(frames), hasTree: trees.length > 0 });
  const cores = params.threads === 0 ? availableParallelism() : params.threads;
  const expected = estimate({ preset: params.preset, frames, ...size, pairing, mesh: params.mesh, cores });
  return [
    ...lines,
    ...(masks.length > 0 ? [{ what: 'masks', value: masks.length }] : []),
    { what: 'frames used', value: `at most ${frames} of ${candidates}` },
    {
      what: 'pairs compared',
      value: `at most ${expected.pairs} (${pairing}), about ${expected.features} features a frame`,
    },
    { what: 'memory of matching', value: `about ${expected.matchingMiB} MiB on ${cores} cores` },
    ...timesOf(expected),
    {
      what: 'dense cloud',
      value: params.dense ? 'where a step is placed on a GPU; otherwise sparse' : 'not asked for',
    },
  ];
}

type Open = PreviewRequest<ReconstructParams>['open'];
type Input = PreviewRequest<ReconstructParams>['input'][number];

async function ofVideo(input: Input, { candidatesPerSecond }: ReconstructParams, open: Open) {
  const source = await open(input);
  const media = await probeMedia(source).finally(() => source.close());
  const video = requireVideo(media, input.name);
  const seconds = video.durationSeconds ?? media.durationSeconds;
  const { width, height } = video;
  return {
    lines: [
      { what: 'video', value: `${input.name}: ${media.container}, ${video.codec}, ${width}x${height}` },
      { what: 'seconds', value: seconds?.toFixed(2) ?? 'not told by the file' },
    ],
    candidates: candidatesOf(seconds, candidatesPerSecond, video.frameCount),
    size: { width, height },
  };
}

function ofPictures(count: number) {
  return { lines: [{ what: 'pictures', value: count }], candidates: count, size: PICTURE };
}

function timesOf({ seconds }: Estimate): PreviewLine[] {
  const all = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  const parts = Object.entries(seconds).map(([step, value]) => `${step} ${minutes(value)}`);
  return [{ what: 'time here', value: `about ${minutes(all)}, half to three times as long: ${parts.join(', ')}` }];
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
