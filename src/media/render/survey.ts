import { mkdir } from 'node:fs/promises';
import { MediaError } from '#core/errors';
import { ffmpegFailure, startFfmpeg } from '../ffmpeg.ts';
import { SAMPLE_PROBE } from '../frame-log.ts';
import { demuxerOf, type MediaInfo, requireVideo, type UsableVideo } from '../probe.ts';
import { type Sampling, samplingFilters } from '../sampling.ts';
import { type StoppedAt, whereItStopped } from '../stopped-at.ts';
import { uprightFilters } from './source-filters.ts';
import { createSurveyLog, type FrameStamp, type PictureFacts } from './survey-log.ts';

export interface SurveyRequest {
  path: string;
  /** What messages call the file. */
  name: string;
  /** What probeMedia found in it. */
  media: MediaInfo;
  sampling: Sampling;
  /** Where the sampled frames go as `1.jpg`, `2.jpg`, …; made if it is not there. */
  folder: string;
  /** ffmpeg's scale of JPEG quality, 2 (best) to 31. */
  quality: number;
  signal?: AbortSignal | undefined;
  /** Called now and then with the number of frames seen. */
  onProgress?: (frames: number) => void;
}

export interface Survey {
  facts: PictureFacts;
  /** Every frame, in display order. */
  frames: FrameStamp[];
  /** Numbers of the sampled frames; the k-th one is in file `${k + 1}.jpg`. */
  sampled: number[];
  damaged: number;
  /** There when the video broke off before its promised end. */
  stoppedAt?: StoppedAt;
}

// Frames between two calls of onProgress.
const PROGRESS_EVERY = 50;

/**
 * One decoding pass over a video: the exact time stamp of every frame, and sampled frames as JPEGs, upright and with
 * square pixels. Memory grows by some 30 bytes a frame.
 * @throws MediaError when nothing can be decoded, ResourceError when the disk is full, the signal's reason on abort.
 */
export async function surveyVideo(request: SurveyRequest): Promise<Survey> {
  const { path, name, media, folder, signal, onProgress } = request;
  const video = requireVideo(media, name);
  const demuxer = demuxerOf(media);
  await mkdir(folder, { recursive: true });
  const log = createSurveyLog();
  const decoder = await startFfmpeg({
    // Time stamps stay those of the file, and the graph is built once, whatever size later frames have.
    input: { source: { path, ...(demuxer ? { demuxer } : {}) }, options: ['-copyts', '-reinit_filter', '0'] },
    output: {
      target: '%d.jpg',
      options: [
        ...['-map', '0:v:0', '-vf', filterGraph(request, video), '-fps_mode', 'passthrough', '-enc_time_base', '-1'],
        ...[
          '-c:v',
          'mjpeg',
          '-flags:v',
          '+bitexact',
          '-pix_fmt',
          'yuvj420p',
          '-q:v',
          String(request.quality),
          '-f',
          'image2',
        ],
      ],
    },
    folder,
    onLine(line) {
      const before = log.frames.length;
      log.read(line);
      if (log.frames.length !== before && log.frames.length % PROGRESS_EVERY === 0) onProgress?.(log.frames.length);
    },
    signal,
  });
  const end = await decoder.ended;
  signal?.throwIfAborted();
  const { frames, sampled, damaged, facts } = log;
  if (end.interrupted || !facts) throw ffmpegFailure(name, end);
  if (end.exitCode !== 0 && end.complaints.some((line) => /No space left|quota exceeded/.test(line)))
    throw ffmpegFailure(name, end);
  if (sampled.length === 0) throw new MediaError(`${name}: of ${frames.length} frames none was sampled.`);

  const decoded = { frames: frames.length, damaged, lastSeconds: secondsBetween(frames[0]!, frames.at(-1)!, facts) };
  const stoppedAt = whereItStopped({ media, video, decoded, end });
  return { facts, frames, sampled, damaged, ...(stoppedAt ? { stoppedAt } : {}) };
}

function secondsBetween(a: FrameStamp, b: FrameStamp, { timeBase }: PictureFacts): number {
  return ((b.ticks - a.ticks) * timeBase.numerator) / timeBase.denominator;
}

function filterGraph({ sampling }: SurveyRequest, video: UsableVideo): string {
  return [
    ...uprightFilters(video),
    ...samplingFilters(sampling),
    SAMPLE_PROBE,
    ...(isPlain(video) ? plainToJpeg(video) : anyToJpeg()),
    // The encoder knows full range by the name of the format alone.
    'setparams=range=full',
  ].join(',');
}

function isPlain({ bitDepth, chromaSubsampling, pixelAspect, width, height }: UsableVideo): boolean {
  return (
    (bitDepth ?? 8) === 8 &&
    (chromaSubsampling ?? '4:2:0') === '4:2:0' &&
    pixelAspect === 1 &&
    width % 2 === 0 &&
    height % 2 === 0
  );
}

// As MediaInfo names them, and ffmpeg. The others are BT.601, and so are frames that say nothing.
const MATRICES: Record<string, string> = {
  'BT.709': 'bt709',
  'SMPTE 240M': 'smpte240m',
  'BT.2020 non-constant': 'bt2020ncl',
};

/**
 * What a JPEG holds is full-range BT.601. This filter takes a fifth of the scaler's time; input and output are said to have
 * the same primaries and transfer, so that it converts by one matrix.
 */
function plainToJpeg({ colourMatrix = '', colourRange = 'limited' }: UsableVideo): string[] {
  const same = ['iprimaries=bt709', 'primaries=bt709', 'itrc=bt709', 'trc=bt709'];
  const spaces = [`ispace=${MATRICES[colourMatrix] ?? 'bt470bg'}`, 'space=bt470bg'];
  const ranges = [`irange=${colourRange === 'full' ? 'pc' : 'tv'}`, 'range=pc', 'format=yuv420p'];
  return [`colorspace=${[...spaces, ...same, ...ranges].join(':')}`];
}

/** The longer side of a pixel is kept, so that no detail is lost. */
function anyToJpeg(): string[] {
  const width = "'if(gt(sar\\,1)\\,round(iw*min(sar\\,8))\\,iw)'";
  const height = "'if(lt(sar\\,1)*gt(sar\\,0)\\,round(ih/max(sar\\,1/8))\\,ih)'";
  const flags = 'flags=bicubic+accurate_rnd+bitexact:out_color_matrix=bt601:out_range=full';
  return [`scale=w=${width}:h=${height}:${flags}`, 'setsar=1', 'format=yuv420p'];
}
