import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ContractError, ResourceError, ToolError, TransientError } from '#core/errors';
import { type FfmpegEnd, type FfmpegProcess, ffmpegFailure, ffmpegReason, startFfmpeg } from '../ffmpeg.ts';
import { openPictureIntake, type PictureIntake } from '../picture-intake.ts';
import { demuxerOf, type MediaInfo, requireVideo } from '../probe.ts';
import { bitDepthFor, type EncodeSettings, encoderOptions, frameFacts } from './encoders.ts';
import { createOverlay, type OverlayStyle, type ShownBox } from './overlay.ts';
import { createLossMeter, type PictureLoss } from './picture-loss.ts';
import { matroskaFrameHead, matroskaHead } from './raw-matroska.ts';
import { uprightFilters } from './source-filters.ts';
import type { FrameStamp, PictureFacts } from './survey-log.ts';
import { outputTimeBase, secondsAt } from './time-base.ts';

export interface SegmentRequest {
  path: string;
  /** What messages call the file. */
  name: string;
  media: MediaInfo;
  facts: PictureFacts;
  /** The frames of this segment, in order; the first one is a key frame or the first of all. */
  frames: readonly FrameStamp[];
  /** Whether the source has frames before these. */
  fromStart: boolean;
  /** The boxes of each of these frames, in order. */
  boxes: AsyncIterable<readonly ShownBox[]>;
  style: OverlayStyle;
  encode: EncodeSettings;
  /** Where the file is written, and its name: an MP4 with the pictures alone, its first frame at 0. */
  folder: string;
  file: string;
  /** Which of these frames to give back as it was drawn, beside the file. */
  keep?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: (frames: number) => void;
}

export interface RenderedSegment {
  frames: number;
  loss: PictureLoss;
  /** The frame that was to be kept: a raw picture of the even size. */
  kept?: Uint8Array;
}

// One frame is filled, one drawn on, one being written.
const BUFFERS = 3;

/**
 * Draws boxes on the frames of a stretch of video: one decoder, one encoder, and raw pictures between them, each with
 * the time stamp that the survey found. Memory does not depend on the length.
 * @throws MediaError when the source can't be decoded as before, ToolError when the encoder fails, ResourceError when the
 * disk is full, the signal's reason on abort.
 */
export async function renderSegment(request: SegmentRequest): Promise<RenderedSegment> {
  const { facts, frames, encode, style, signal } = request;
  const size = evenSize(facts);
  const bitDepth = bitDepthFor(encode.codec, facts);
  const overlay = createOverlay(size, { ...facts.colour, bitDepth }, style);
  const meter = createLossMeter(size, bitDepth);
  const intake = await openPictureIntake(Array.from({ length: BUFFERS }, () => new Uint8Array(overlay.bytes)));
  const decoder = await startDecoder(request, bitDepth, intake);
  const encoder = await startEncoder(request);
  // When the encoder has taken the picture that a buffer holds.
  const taken: Promise<void>[] = [];
  const boxes = request.boxes[Symbol.asyncIterator]();
  let [done, isWhole] = [0, false];
  let kept: Uint8Array | undefined;
  try {
    await write(encoder, matroskaHead({ ...size, bitDepth, framesPerSecond: claimedRate(facts) }));
    for await (const picture of intake.pictures(async (place) => taken[place])) {
      const shown = await boxes.next();
      meter.before(done, picture);
      overlay.draw(picture, shown.done ? [] : shown.value);
      meter.after(done, picture);
      if (done === request.keep) kept = picture.slice();
      const head = matroskaFrameHead(nanosecondsAt(frames[done]!, frames[0]!, facts), picture.length);
      taken[done % BUFFERS] = write(encoder, picture, head);
      done += 1;
      request.onProgress?.(done);
      if (encoder.stdin.destroyed) break;
    }
    encoder.stdin.end();
    const [decoded, encoded] = await Promise.all([decoder.ended, encoder.ended]);
    signal?.throwIfAborted();
    if (encoded.exitCode !== 0) throw encodeFailure(request.name, encoded);
    if (done !== frames.length) throw missingFrames(request, done, decoded);
    const loss = await meter.measure({ path: join(request.folder, request.file), signal });
    isWhole = true;
    return { frames: done, loss, ...(kept ? { kept } : {}) };
  } catch (thrown) {
    // An abort ends both processes, which then fail in ways that say less than the abort.
    signal?.throwIfAborted();
    throw thrown;
  } finally {
    intake.close();
    await Promise.all([decoder.stop(), encoder.stop(), boxes.return?.()]);
    // What is half written may fill the disk, so that nobody could even say so.
    if (!isWhole) await rm(join(request.folder, request.file), { force: true });
  }
}

/** 4:2:0 has a colour for every two columns and rows. */
export function evenSize({ width, height }: { width: number; height: number }): { width: number; height: number } {
  return { width: width + (width % 2), height: height + (height % 2) };
}

function startDecoder(request: SegmentRequest, bitDepth: 8 | 10, intake: PictureIntake) {
  const { path, media, name, facts, frames, fromStart, signal } = request;
  const video = requireVideo(media, name);
  const demuxer = demuxerOf(media);
  const [first, last] = [frames[0]!, frames.at(-1)!];
  const size = evenSize(facts);
  const isOdd = size.width !== facts.width || size.height !== facts.height;
  // The demuxer goes back to a key frame from here; the select filter, which counts in whole ticks, does the rest.
  const seek = fromStart ? [] : ['-noaccurate_seek', '-ss', secondsAt(first, facts).toFixed(6)];
  const filters = [
    ...uprightFilters(video).filter((filter) => !filter.startsWith('showinfo')),
    ...(fromStart ? [] : [`select='gte(pts\\,${first.ticks})*lte(pts\\,${last.ticks})'`]),
    ...(isOdd ? [`pad=${size.width}:${size.height}`] : []),
    bitDepth === 8 ? 'format=yuv420p|yuvj420p' : 'format=yuv420p10le',
  ];
  return startFfmpeg({
    input: {
      source: { path, ...(demuxer ? { demuxer } : {}) },
      options: ['-copyts', '-reinit_filter', '0', ...seek],
    },
    output: {
      target: 'stdout',
      options: [
        ...['-map', '0:v:0', '-vf', filters.join(','), '-fps_mode', 'passthrough', '-frames:v', String(frames.length)],
        ...['-c:v', 'rawvideo', '-f', 'rawvideo'],
      ],
    },
    intake,
    signal,
  });
}

function startEncoder({ facts, encode, folder, file, signal }: SegmentRequest) {
  const { numerator, denominator } = outputTimeBase(facts.timeBase);
  return startFfmpeg({
    input: { source: 'stdin', options: ['-probesize', '32', '-analyzeduration', '0', '-f', 'matroska'] },
    output: {
      target: file,
      options: [
        ...['-vf', `settb=${numerator}/${denominator},${frameFacts(facts)}`, '-fps_mode', 'passthrough'],
        ...['-enc_time_base', `${numerator}:${denominator}`, '-video_track_timescale', String(denominator)],
        ...encoderOptions(encode, facts),
        ...['-map_metadata', '-1', '-fflags', '+bitexact', '-f', 'mp4'],
      ],
    },
    folder,
    signal,
  });
}

/** Settles when the bytes may be changed again, or when nobody reads them any more. */
function write({ stdin, ended }: FfmpegProcess, picture: Uint8Array, head?: Uint8Array): Promise<void> {
  // Both in one call of the system.
  stdin.cork();
  if (head) stdin.write(head);
  const taken = new Promise<void>((resolve) => stdin.write(picture, () => resolve()));
  stdin.uncork();
  return Promise.race([taken, ended.then(() => undefined)]);
}

// Beyond this SVT-AV1 refuses to work, and what streams claim is the fineness of their clock rather than a rate.
const MOST_FRAMES_PER_SECOND = 240;

function claimedRate({ frameRate }: PictureFacts): number {
  const [frames, seconds] = frameRate.split('/').map(Number) as [number, number];
  const rate = frames / seconds;
  return rate > 0 && rate <= MOST_FRAMES_PER_SECOND ? rate : 30;
}

function nanosecondsAt(frame: FrameStamp, first: FrameStamp, { timeBase }: PictureFacts): number {
  return Math.round((frame.ticks - first.ticks) * (timeBase.numerator / timeBase.denominator) * 1e9);
}

export function encodeFailure(name: string, end: FfmpegEnd): ToolError | ResourceError | TransientError {
  const failure = ffmpegFailure(name, end);
  if (failure instanceof ResourceError || failure instanceof TransientError) return failure;
  return new ToolError(`ffmpeg could not encode what was drawn on ${name}: ${ffmpegReason(end)}.`, {
    details: { exitCode: end.exitCode, complaints: end.complaints },
  });
}

function missingFrames({ name, frames }: SegmentRequest, done: number, end: FfmpegEnd) {
  if (end.interrupted) return ffmpegFailure(name, end);
  return new ContractError(
    `${name}: the survey found ${frames.length} frames where the renderer found ${done} (from tick ${frames[0]!.ticks}). ` +
      'The file has changed between the two, or its index leads elsewhere.',
    { details: { expected: frames.length, found: done, complaints: end.complaints } },
  );
}
