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
  signal?: AbortSignal;
  onProgress?: (seconds: number, durationSeconds: number | undefined) => void;
}

// An hour at six a second would be 21,600: more than it takes to choose 300 well. A few seconds give few to choose from.
const MOST_CANDIDATES = 3_600;
const FEWEST_CANDIDATES = 120;

/** Decodes a video once and looks at some frames of each second; only numbers are kept. @throws MediaError */
export async function lookAtVideo(request: LookRequest): Promise<Looked> {
  const { path, name, media, candidatesPerSecond, signal, onProgress } = request;
  const video = requireVideo(media, name);
  const durationSeconds = video.durationSeconds ?? media.durationSeconds;
  const seconds = Math.max(1, durationSeconds ?? 1);
  const fps = Math.min(Math.max(candidatesPerSecond, FEWEST_CANDIDATES / seconds), MOST_CANDIDATES / seconds);
  const sampling = fps >= (video.frameRate ?? 60) ? { every: 1 } : { fps };
  const source = await openFrameSource({ path, name, demuxer: demuxerOf(media), video, sampling, signal });
  const look = watchMotion();
  const candidates: VideoCandidate[] = [];
  let size = { width: 0, height: 0 };
  try {
    for await (const { index, seconds, width, height, colour, buffer } of source.frames()) {
      const conversion = conversionToJpeg(colour);
      if (conversion) source.kernels.convertLuma(buffer, conversion);
      const sharpness = source.kernels.sharpness(buffer);
      candidates.push({ index, seconds, sharpness, ...look(buffer.bytes, width, height) });
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
