import { MediaError } from '#core/errors';
import type { MediaInfo } from '#media/media-info';
import { requireVideo } from '#media/probe';
import { type RgbFrames, writeRgbFrames } from '#media/rgb-frames';
import { type ClipQcParams, FRAMES_FILE } from './contract.ts';

/** The sampled frames of a clip, whose pixels lie in frames.rgb. */
export interface SampledClip extends RgbFrames {
  /** Every n-th frame was taken. */
  every: number;
}

interface SampleRequest {
  path: string;
  name: string;
  media: MediaInfo;
  params: Pick<ClipQcParams, 'sampleFps' | 'maxSeconds' | 'maxHeight'>;
  folder: string;
  signal?: AbortSignal | undefined;
}

/**
 * Takes the frames that are looked at: every n-th, so that there are about `sampleFps` a second.
 * @throws MediaError for a clip whose rate can't be told or of which nothing can be decoded.
 */
export async function sampleClip({ path, name, media, params, folder, signal }: SampleRequest): Promise<SampledClip> {
  const { frameRate } = requireVideo(media, name);
  if (frameRate === undefined || frameRate <= 0) {
    throw new MediaError(`${name} does not say how many frames a second it has. Send a clip with a frame rate.`);
  }
  const every = everyFor(frameRate, params.sampleFps);
  const { maxSeconds, maxHeight } = params;
  const sampled = await writeRgbFrames({
    path,
    name,
    media,
    every,
    maxSeconds,
    maxHeight,
    folder,
    file: FRAMES_FILE,
    signal,
  });
  return { ...sampled, every };
}

/** Which n of "every n-th frame" comes nearest to `sampleFps` frames a second. */
export function everyFor(frameRate: number, sampleFps: number): number {
  return Math.max(1, Math.round(frameRate / sampleFps));
}
