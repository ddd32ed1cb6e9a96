import { mkdir } from 'node:fs/promises';
import { conversionToJpeg } from '#media/colour';
import { openFrameSource } from '#media/frame-source';
import { demuxerOf, type MediaInfo, requireVideo } from '#media/probe';
import { type StoppedAt, whereItStopped } from '#media/stopped-at';
import type { Candidate } from './choose-frames.ts';
import { watchMotion } from './watch-motion.ts';

/** A frame of a video that may be chosen. */
export interface VideoCandidate extends Candidate {
  index: number;
  seconds: number;
  /** Its JPEG in the folder of the request. */
  file: string;
}

export interface Looked {
  candidates: VideoCandidate[];
  width: number;
  height: number;
  /** Frames that were decoded with errors and used as they are. */
  damaged: number;
  stoppedAt?: StoppedAt;
}

interface LookRequest {
  path: string;
  name: string;
  media: MediaInfo;
  candidatesPerSecond: number;
  /** Where the candidates are written, each as a JPEG, upright and with square pixels. */
  folder: string;
  /** The mask for frames of this size: corners count only where it is white. */
  maskFor?: ((size: { width: number; height: number }) => Promise<Uint8Array>) | undefined;
  signal?: AbortSignal;
  onProgress?: (seconds: number, durationSeconds: number | undefined) => void;
}

// An hour at six a second would be 21,600: more than it takes to choose 300 well. A few seconds give few to choose from.
const MOST_CANDIDATES = 3_600;
const FEWEST_CANDIDATES = 120;
// ffmpeg's best: what the JPEG loses, no feature is found in.
const JPEG_QUALITY = 2;

/**
 * Decodes a video once, looks at some frames of each second, and leaves each as a JPEG: decoding again for the chosen ones
 * would take longer than coding all. @throws MediaError
 */
export async function lookAtVideo(request: LookRequest): Promise<Looked> {
  const { path, name, media, candidatesPerSecond, folder, signal, onProgress } = request;
  const video = requireVideo(media, name);
  const durationSeconds = video.durationSeconds ?? media.durationSeconds;
  const fps = candidateRate(durationSeconds, candidatesPerSecond);
  const sampling = fps >= (video.frameRate ?? 60) ? { every: 1 } : { fps };
  await mkdir(folder, { recursive: true });
  const jpegs = { folder, quality: JPEG_QUALITY };
  const source = await openFrameSource({ path, name, demuxer: demuxerOf(media), video, sampling, jpegs, signal });
  const look = watchMotion();
  const candidates: VideoCandidate[] = [];
  let size = { width: 0, height: 0 };
  let mask: Uint8Array | undefined;
  try {
    for await (const { index, seconds, width, height, colour, buffer } of source.frames()) {
      const conversion = conversionToJpeg(colour);
      if (conversion) source.kernels.convertLuma(buffer, conversion);
      const sharpness = source.kernels.sharpness(buffer);
      if (candidates.length === 0) mask = await request.maskFor?.({ width, height });
      const file = `${candidates.length}.jpg`;
      candidates.push({ index, seconds, file, sharpness, ...look(buffer.bytes, width, height, mask) });
      size = { width, height };
      source.giveBack(buffer);
      onProgress?.(seconds, durationSeconds);
    }
    const { decoded, end } = source;
    const stoppedAt = whereItStopped({ media, video, decoded, end });
    return { candidates, ...size, damaged: decoded.damaged, ...(stoppedAt ? { stoppedAt } : {}) };
  } finally {
    await source.close();
  }
}

/** Candidates of each second: as many as are asked for, but enough of a short video and not too many of a long one. */
function candidateRate(durationSeconds: number | undefined, candidatesPerSecond: number): number {
  const seconds = Math.max(1, durationSeconds ?? 1);
  return Math.min(Math.max(candidatesPerSecond, FEWEST_CANDIDATES / seconds), MOST_CANDIDATES / seconds);
}

/** How many frames of a video will be looked at, as far as its head tells. */
export function candidatesOf(seconds: number | undefined, candidatesPerSecond: number, frameCount?: number): number {
  const wanted = Math.ceil(Math.max(1, seconds ?? 1) * candidateRate(seconds, candidatesPerSecond));
  return Math.min(wanted, frameCount ?? wanted);
}
