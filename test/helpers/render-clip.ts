import { join } from 'node:path';
import { bitDepthFor, type EncodeSettings, requireEncoder } from '#media/render/encoders';
import { containerFor, muxVideo } from '#media/render/mux-video';
import type { ShownBox } from '#media/render/overlay';
import { psnrDb } from '#media/render/picture-loss';
import { renderSegment } from '#media/render/render-segment';
import { type Survey, surveyVideo } from '#media/render/survey';
import { lastDuration } from '#workloads/annotate/last-duration';
import { planSegments } from '#workloads/annotate/plan-segments';
import { aFolder, probe } from './media-clips.ts';

export interface RenderOptions {
  encode?: Partial<EncodeSettings>;
  /** The boxes of a frame by its number; none by default. */
  boxes?: (frame: number) => ShownBox[];
  framesPerSegment?: number;
  signal?: AbortSignal;
}

/** Renders a video as the workload does, without its other steps. */
export async function renderClip(
  path: string,
  options: RenderOptions = {},
): Promise<{ path: string; survey: Survey; segments: number; psnrDb: number }> {
  const { boxes = () => [], framesPerSegment = 100_000 } = options;
  const encode: EncodeSettings = { codec: 'h264', crf: 20, preset: 'ultrafast', ...options.encode };
  await requireEncoder(encode.codec);
  const [folder, media] = [await aFolder(), await probe(path)];
  const name = 'clip';
  const survey = await surveyVideo({
    path,
    name,
    media,
    sampling: { every: 3 },
    folder: join(folder, 'frames'),
    quality: 3,
  });
  const { frames, facts } = survey;
  const planned = await planSegments(each(frames), framesPerSegment);
  const segments = [];
  const loss = { squares: 0, pixels: 0 };
  for (const [at, { first, count }] of planned.entries()) {
    const own = frames.slice(first, first + count);
    const file = `segment-${at}.mp4`;
    const rendered = await renderSegment({
      ...{ path, name, media, facts, frames: own, fromStart: first === 0, encode, folder, file },
      boxes: boxesOf(first, count),
      signal: options.signal,
      style: { labels: true, confidence: true, legend: false },
    });
    loss.squares += rendered.loss.squares;
    loss.pixels += rendered.loss.pixels;
    segments.push({ path: join(folder, file), first: own[0]! });
  }
  async function* boxesOf(first: number, count: number): AsyncGenerator<ShownBox[]> {
    for (let frame = first; frame < first + count; frame += 1) yield boxes(frame);
  }

  const file = `out.${containerFor(media)}`;
  await muxVideo({
    ...{
      segments,
      frames: frames.length,
      first: frames[0]!,
      last: frames.at(-1)!,
      lastDurationTicks: lastDuration(survey, media),
    },
    ...{ facts, source: { path, name, media }, folder, file },
  });
  return {
    path: join(folder, file),
    survey,
    segments: segments.length,
    psnrDb: psnrDb(loss, bitDepthFor(encode.codec, facts)),
  };
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
