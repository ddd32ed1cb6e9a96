import { MediaError } from '#core/errors';
import { deinterlacing } from './deinterlacing.ts';
import { type Demuxer, type FfmpegEnd, type FfmpegRequest, ffmpegFailure, startFfmpeg } from './ffmpeg.ts';
import { createFrameKernels, type FrameBuffer, type FrameKernels } from './frame-kernels.ts';
import {
  createFrameLog,
  type DecodedSoFar,
  type FrameFormat,
  type FrameTime,
  SAMPLE_PROBE,
  SOURCE_PROBE,
} from './frame-log.ts';
import type { UsableVideo } from './probe.ts';
import { type Sampling, samplingFilters } from './sampling.ts';

// One buffer is filled, one looked at or held back, the rest may wait for the encoder. Large frames get by with less.
const BUFFERS = 5;
const BUFFERS_OF_LARGE_FRAMES = 3;
const LARGE_PIXELS = 16_000_000;
// What the scaler makes of frames that are not plain, whatever the stream's tags still say.
const JPEG_COLOUR = { range: 'full', matrix: 'smpte170m' } as const;

export interface FrameRequest {
  path: string;
  name: string;
  demuxer: Demuxer | undefined;
  video: UsableVideo;
  sampling: Sampling;
  /** Where every sampled frame is written as a JPEG as well: 0.jpg, 1.jpg, … in the order in which they come. */
  jpegs?: { folder: string; quality: number } | undefined;
  signal?: AbortSignal | undefined;
}

/** A sampled frame, upright, with square pixels, deinterlaced, in 4:2:0. Its buffer is lent until it is given back. */
export interface SourceFrame extends FrameTime, FrameFormat {
  buffer: FrameBuffer;
}

export interface FrameSource {
  /** Yields the sampled frames in order. @throws MediaError when nothing can be decoded. */
  frames(): AsyncGenerator<SourceFrame>;
  /** The measures for these frames; there from the first frame on. */
  readonly kernels: FrameKernels;
  giveBack(buffer: FrameBuffer): void;
  readonly decoded: DecodedSoFar;
  /** How the decoder ended; there when `frames` is through. */
  readonly end: FfmpegEnd | undefined;
  /** Ends the decoder, if it has not ended, and waits for it. */
  close(): Promise<void>;
}

/** Starts decoding: one ffmpeg process, whose pictures are read into buffers that are used again and again. */
export async function openFrameSource(request: FrameRequest): Promise<FrameSource> {
  const log = createFrameLog();
  const decoder = await startFfmpeg({
    input: {
      source: { path: request.path, ...(request.demuxer ? { demuxer: request.demuxer } : {}) },
      // The graph is built once: a picture size that changes on the way is scaled to the first one.
      options: ['-reinit_filter', '0'],
    },
    ...outputsOf(request),
    onLine: log.read,
    signal: request.signal,
  });
  const ended = decoder.ended.finally(log.end);

  const free: FrameBuffer[] = [];
  const waiting: ((buffer: FrameBuffer) => void)[] = [];
  let kernels: FrameKernels | undefined;
  let end: FfmpegEnd | undefined;

  function giveBack(buffer: FrameBuffer): void {
    const receiver = waiting.shift();
    if (receiver) receiver(buffer);
    else free.push(buffer);
  }

  async function* frames(): AsyncGenerator<SourceFrame> {
    try {
      yield* pictures();
      end = await ended;
    } finally {
      // An abort ends the decoder, which then fails in ways that say less than the abort.
      request.signal?.throwIfAborted();
    }
    if (end.interrupted || log.decoded.frames === 0) throw ffmpegFailure(request.name, end);
  }

  /** Cuts the decoder's output into pictures. A last one that is not whole is no picture. */
  async function* pictures(): AsyncGenerator<SourceFrame> {
    let format: FrameFormat | undefined;
    let buffer: FrameBuffer | undefined;
    let filled = 0;
    for await (const chunk of decoder.stdout as AsyncIterable<Buffer>) {
      format ??= named(await log.format());
      for (let taken = 0; taken < chunk.length; ) {
        buffer ??= await emptyBuffer(format);
        const length = Math.min(chunk.length - taken, buffer.bytes.length - filled);
        buffer.bytes.set(chunk.subarray(taken, taken + length), filled);
        taken += length;
        filled += length;
        if (filled < buffer.bytes.length) continue;
        const time = named(await log.next());
        yield { ...time, ...format, ...(isPlain(request.video) ? {} : { colour: JPEG_COLOUR }), buffer };
        buffer = undefined;
        filled = 0;
      }
    }
  }

  function named<T>(found: T | undefined): T {
    if (found === undefined)
      throw new MediaError(`${request.name}: ffmpeg wrote a picture that its log does not name.`);
    return found;
  }

  async function emptyBuffer({ width, height }: FrameFormat): Promise<FrameBuffer> {
    if (!kernels) {
      const count = width * height > LARGE_PIXELS ? BUFFERS_OF_LARGE_FRAMES : BUFFERS;
      kernels = createFrameKernels({ width, height, count });
      free.push(...kernels.buffers);
    }
    return free.pop() ?? new Promise((receive) => waiting.push(receive));
  }

  return {
    frames,
    giveBack,
    decoded: log.decoded,
    get kernels() {
      return kernels!;
    },
    get end() {
      return end;
    },
    close: decoder.stop,
  };
}

/** Raw frames on stdout; beside them JPEGs, of the same frames of the same decoding, where they are asked for. */
function outputsOf(request: FrameRequest): Pick<FfmpegRequest, 'output' | 'beside' | 'folder'> {
  const { video, jpegs } = request;
  const sampled = [...deinterlacing(video), SOURCE_PROBE, ...samplingFilters(request.sampling)].join(',');
  const raw = [
    squarePixels(isPlain(video) ? '' : ':out_color_matrix=bt601:out_range=full'),
    isPlain(video) ? 'format=yuv420p|yuvj420p' : 'format=yuv420p',
    SAMPLE_PROBE,
  ].join(',');
  const asTheyCome = ['-fps_mode', 'passthrough'];
  const toStdout = [...asTheyCome, '-c:v', 'rawvideo', '-f', 'rawvideo'];
  if (!jpegs) {
    return { output: { target: 'stdout', options: ['-map', '0:v:0', '-vf', `${sampled},${raw}`, ...toStdout] } };
  }
  const coded = `${squarePixels(':out_range=full')},format=yuvj420p`;
  const graph = `[0:v:0]${sampled},split[looked][kept];[looked]${raw}[raw];[kept]${coded}[coded]`;
  // Huffman tables made for each picture would save 5 to 25 % of its bytes, and take as long as coding it.
  const toFiles = ['-c:v', 'mjpeg', '-huffman', 'default', '-q:v', String(jpegs.quality), '-flags', '+bitexact'];
  return {
    output: { target: 'stdout', options: ['-filter_complex', graph, '-map', '[raw]', ...toStdout] },
    beside: {
      target: '%d.jpg',
      options: ['-map', '[coded]', ...asTheyCome, ...toFiles, '-start_number', '0', '-f', 'image2'],
    },
    folder: jpegs.folder,
  };
}

/**
 * ffmpeg itself turns the picture upright before the first filter. The longer side of a pixel is kept, so that no detail
 * is lost.
 */
function squarePixels(colour: string): string {
  return (
    `scale=w='if(gt(sar\\,1)\\,round(iw*min(sar\\,8))\\,iw)':h='if(lt(sar\\,1)\\,round(ih/max(sar\\,1/8))\\,ih)'` +
    `:flags=bicubic+accurate_rnd+bitexact${colour},setsar=1`
  );
}

/**
 * 8-bit 4:2:0 is taken as it is decoded and converted by the kernels. ffmpeg's scaler converts everything else, to full
 * range in yuv420p: asked for yuvj420p, ffmpeg 7.0 leaves the matrix as it was.
 */
function isPlain({ bitDepth, chromaSubsampling }: UsableVideo): boolean {
  return (bitDepth ?? 8) === 8 && (chromaSubsampling ?? '4:2:0') === '4:2:0';
}
