import { mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { conversionToJpeg } from './colour.ts';
import { createFrameJudge, type FrameVerdict, frameFileName, toFrameRecord } from './frame-judge.ts';
import type { FrameKernels } from './frame-kernels.ts';
import { type FrameSource, openFrameSource, type SourceFrame } from './frame-source.ts';
import { framesOnScreen } from './frames-on-screen.ts';
import { type JpegWriter, openJpegWriter } from './jpeg-writer.ts';
import { openJsonLines } from './json-lines.ts';
import type { PerceptualHash } from './perceptual-hash.ts';
import { demuxerOf, type MediaInfo, requireVideo } from './probe.ts';
import { requireTimesWithin, type Sampling } from './sampling.ts';
import { type StoppedAt, whereItStopped } from './stopped-at.ts';

export type { FrameRecord } from './frame-judge.ts';
export type { Sampling } from './sampling.ts';

export interface ExtractRequest {
  path: string;
  /** What messages call the file; its base name by default. */
  name?: string;
  /** What probeMedia found in it. */
  media: MediaInfo;
  sampling: Sampling;
  /** Frames less sharp than `threshold` (variance of the Laplacian) are blurry. Undefined: none is. */
  blur: { threshold: number } | undefined;
  /** Frames within `maxDistance` bits (0-64) of a kept one are duplicates. Undefined: none is. */
  dedup: { maxDistance: number } | undefined;
  /** Where the JPEGs go; made if it is not there. */
  folder: string;
  /** Where the records go, one JSON document a line, in order of the frames. */
  recordsPath: string;
  /** ffmpeg's scale of JPEG quality, 2 (best) to 31. */
  quality?: number;
  /** Write blurry and duplicate frames too. */
  keepAll?: boolean;
  signal?: AbortSignal;
  /** Called for every sampled frame with the part of the video that is done, in seconds. */
  onProgress?: (progress: { seconds: number; durationSeconds: number | undefined; sampled: number }) => void;
}

export interface ExtractSummary {
  /** Frames decoded, sampled or not. */
  decoded: number;
  /** Frames that were decoded with errors and used as they are. */
  damaged: number;
  sampled: number;
  kept: number;
  blurry: number;
  duplicates: number;
  /** Size of the JPEGs: upright, with square pixels. 0 when no frame was sampled. */
  width: number;
  height: number;
  /** Presentation time of the last frame, plus its duration. */
  durationSeconds: number;
  /** There when the video broke off before its promised end. */
  stoppedAt?: StoppedAt;
}

/**
 * Samples, judges and cleans the frames of a video in one decoding pass, and encodes only those that are kept. Memory does
 * not grow with the length of the video, except by some 40 bytes for every kept frame.
 * @throws MediaError when the file is no video or nothing of it can be decoded; InputError for sampling that makes no sense;
 * ResourceError when the disk is full; the signal's reason when it aborts. After a throw no JPEG is in `folder`.
 */
export async function extractFrames(request: ExtractRequest): Promise<ExtractSummary> {
  const { path, media, sampling, signal, name = basename(path) } = request;
  const video = requireVideo(media, name);
  const promisedSeconds = video.durationSeconds ?? media.durationSeconds;
  requireTimesWithin(sampling, promisedSeconds, name);
  await mkdir(request.folder, { recursive: true });

  const source = await openFrameSource({ path, name, demuxer: demuxerOf(media), video, sampling, signal });
  try {
    const counts = await judgeAndWrite(source, request, promisedSeconds);
    const { decoded, end } = source;
    const stoppedAt = whereItStopped({ media, video, decoded, end });
    return {
      decoded: decoded.frames,
      damaged: decoded.damaged,
      ...counts,
      durationSeconds: decoded.lastSeconds + (video.frameRate ? 1 / video.frameRate : 0),
      ...(stoppedAt ? { stoppedAt } : {}),
    };
  } finally {
    await source.close();
  }
}

type Counts = Pick<ExtractSummary, 'sampled' | 'kept' | 'blurry' | 'duplicates' | 'width' | 'height'>;

async function judgeAndWrite(
  source: FrameSource,
  { sampling, recordsPath, folder, quality = 3, keepAll = false, signal, onProgress, ...rules }: ExtractRequest,
  durationSeconds: number | undefined,
): Promise<Counts> {
  const counts: Counts = { sampled: 0, kept: 0, blurry: 0, duplicates: 0, width: 0, height: 0 };
  const judge = createFrameJudge(rules);
  const records = await openJsonLines(recordsPath);
  let writer: JpegWriter | undefined;
  try {
    for await (const frame of 'times' in sampling ? framesOnScreen(source, sampling.times) : source.frames()) {
      const { width, height, buffer } = frame;
      const measured = { ...frame, ...measure(source.kernels, frame) };
      const verdict = judge(measured);
      const file = keepAll || verdict.verdict === 'kept' ? frameFileName(frame.index) : undefined;
      if (file) {
        writer ??= await openJpegWriter({ folder, width, height, quality, signal });
        completeColour(source.kernels, frame);
        await writer.write(buffer.bytes, file, () => source.giveBack(buffer));
      } else source.giveBack(buffer);
      await records.write(toFrameRecord(measured, verdict, file));
      tally(counts, verdict, { width, height });
      onProgress?.({ seconds: frame.seconds, durationSeconds, sampled: counts.sampled });
    }
    await writer?.finish();
  } catch (thrown) {
    await writer?.discard();
    throw thrown;
  } finally {
    await records.close();
  }
  return counts;
}

/** Makes the luma plane the full-range BT.601 grey picture, and measures it. */
function measure(kernels: FrameKernels, { buffer, colour }: SourceFrame): { sharpness: number; hash: PerceptualHash } {
  const conversion = conversionToJpeg(colour);
  if (conversion) kernels.convertLuma(buffer, conversion);
  return { sharpness: kernels.sharpness(buffer), hash: kernels.hash(buffer) };
}

/** The chroma planes matter only to frames that are written, so they are converted late. */
function completeColour(kernels: FrameKernels, { buffer, colour }: SourceFrame): void {
  const conversion = conversionToJpeg(colour);
  if (conversion) kernels.convertChroma(buffer, conversion);
}

function tally(counts: Counts, { verdict }: FrameVerdict, size: { width: number; height: number }): void {
  Object.assign(counts, size);
  counts.sampled += 1;
  if (verdict === 'kept') counts.kept += 1;
  if (verdict === 'blurry') counts.blurry += 1;
  if (verdict === 'duplicate') counts.duplicates += 1;
}
