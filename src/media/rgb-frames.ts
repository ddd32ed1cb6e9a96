import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { deinterlacing } from './deinterlacing.ts';
import { ffmpegFailure, startFfmpeg } from './ffmpeg.ts';
import { createFrameLog, type FrameTime, SAMPLE_PROBE, SOURCE_PROBE } from './frame-log.ts';
import { demuxerOf, type MediaInfo, requireVideo, type UsableVideo } from './probe.ts';
import { samplingFilters } from './sampling.ts';
import { type StoppedAt, whereItStopped } from './stopped-at.ts';

export interface RgbRequest {
  path: string;
  /** What messages call the file. */
  name: string;
  /** What probeMedia found in it. */
  media: MediaInfo;
  /** Every n-th frame is taken, the first one first. */
  every: number;
  /** Frames that are shown this long after the first, or later, are left out. */
  maxSeconds: number;
  /** Higher pictures are scaled down to this many rows by averaging areas; lower ones stay as they are. */
  maxHeight: number;
  folder: string;
  /** Name of the file in `folder` that is written: the pictures one after another, R G B interleaved. */
  file: string;
  signal?: AbortSignal | undefined;
}

export interface RgbFrames {
  /** Size of the pictures: upright, with square pixels. */
  width: number;
  height: number;
  frames: FrameTime[];
  /** There when the video broke off before the end of what was asked for. */
  stoppedAt?: StoppedAt;
}

/**
 * Writes sampled frames as raw RGB into one file, whose frames can then be read in any order. ffmpeg writes it itself:
 * at 720p a second of frames is too much to send through this process.
 * @throws MediaError when nothing can be decoded, ResourceError when the disk is full, the signal's reason on abort.
 */
export async function writeRgbFrames(request: RgbRequest): Promise<RgbFrames> {
  const { path, name, media, folder, file, signal } = request;
  const video = requireVideo(media, name);
  const demuxer = demuxerOf(media);
  const log = createFrameLog();
  const decoder = await startFfmpeg({
    input: { source: { path, ...(demuxer ? { demuxer } : {}) }, options: ['-reinit_filter', '0'] },
    output: {
      target: file,
      options: [
        ...['-map', '0:v:0', '-vf', filterGraph(request, video)],
        ...['-fps_mode', 'passthrough', '-c:v', 'rawvideo', '-f', 'rawvideo'],
      ],
    },
    folder,
    onLine: log.read,
    signal,
  });
  const end = await decoder.ended.finally(log.end);
  signal?.throwIfAborted();
  const format = await log.format();
  if (end.interrupted || !format) throw ffmpegFailure(name, end);

  const { width, height } = format;
  const frames = await wholeFrames(join(folder, file), width * height * 3, await timesOf(log));
  if (frames.length === 0) throw ffmpegFailure(name, end);
  const { decoded } = log;
  const wasEnough = decoded.lastSeconds - frames[0]!.seconds >= request.maxSeconds;
  const stoppedAt = wasEnough ? undefined : whereItStopped({ ...asked({ media, video }, request), decoded, end });
  return { width, height, frames, ...(stoppedAt ? { stoppedAt } : {}) };
}

/** What is missing is counted against what was asked for, not against the whole length of the video. */
function asked({ media, video }: { media: MediaInfo; video: UsableVideo }, { maxSeconds }: RgbRequest) {
  const cut = <Track extends { durationSeconds?: number | undefined }>(track: Track): Track =>
    track.durationSeconds === undefined
      ? track
      : { ...track, durationSeconds: Math.min(track.durationSeconds, maxSeconds) };
  return { media: cut(media), video: cut(video) };
}

async function timesOf(log: ReturnType<typeof createFrameLog>): Promise<FrameTime[]> {
  const times: FrameTime[] = [];
  for (let time = await log.next(); time; time = await log.next()) times.push(time);
  return times;
}

/** The frames that were written whole; a last piece of one is cut off. */
async function wholeFrames(path: string, frameBytes: number, times: FrameTime[]): Promise<FrameTime[]> {
  const { size } = await stat(path);
  const whole = Math.min(times.length, Math.floor(size / frameBytes));
  if (size > whole * frameBytes) await truncate(path, whole * frameBytes);
  return times.slice(0, whole);
}

function filterGraph({ every, maxSeconds, maxHeight }: RgbRequest, video: UsableVideo): string {
  const square = `scale=w='if(gt(sar\\,1)\\,round(iw*min(sar\\,8))\\,iw)':h='if(lt(sar\\,1)\\,round(ih/max(sar\\,1/8))\\,ih)':flags=bicubic+accurate_rnd+bitexact`;
  const rows = `min(ih\\,${maxHeight})`;
  return [
    ...deinterlacing(video),
    SOURCE_PROBE,
    `trim=duration=${maxSeconds}`,
    ...samplingFilters({ every }),
    ...(video.pixelAspect === 1 ? [] : [square]),
    `scale=w='max(1\\,round(iw*${rows}/ih))':h='${rows}':flags=area+accurate_rnd+bitexact`,
    'setsar=1',
    'format=rgb24',
    SAMPLE_PROBE,
  ].join(',');
}
