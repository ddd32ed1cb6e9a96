import mediaInfoFactory, {
  type AudioTrack as MediaInfoAudio,
  type MediaInfoResult,
  type VideoTrack as MediaInfoVideo,
} from 'mediainfo.js';
import { InputError, MediaError } from '#core/errors';
import type { ByteSource } from '#core/step';
import { MEDIA_BOUNDS } from './media-bounds.ts';
import type { AudioTrack, MediaInfo, VideoTrack } from './media-info.ts';

export type { AudioTrack, MediaInfo, VideoTrack } from './media-info.ts';

// Enough for the header of most files at once, little enough to fetch from an object store again and again.
const CHUNK_BYTES = 256 * 1024;
// A header that sends the reader back and forth for longer than this is broken or hostile.
const MOST_READS = 4_096;

/**
 * What a file's headers say. Only the ranges that the parser asks for are read.
 * @throws MediaError for a header that leads nowhere. A file that is no media is described, not refused: see requireVideo.
 */
export async function probeMedia(source: ByteSource): Promise<MediaInfo> {
  const parser = await mediaInfoFactory({ format: 'object', chunkSize: CHUNK_BYTES });
  let reads = 0;
  try {
    const result = await parser.analyzeData(source.size, (length, offset) => {
      reads += 1;
      if (reads > MOST_READS)
        throw new MediaError(`The header can't be followed: ${MOST_READS} reads were not enough.`);
      return source.read(offset, Math.min(length, Math.max(0, source.size - offset)));
    });
    return toMediaInfo(result, source.size);
  } finally {
    parser.close();
  }
}

/** A video track whose size, rate and length are known and within bounds. */
export type UsableVideo = VideoTrack & { width: number; height: number };

/**
 * The track that a job works on: the first video track.
 * @throws MediaError when the file is not a video that can be worked on, saying what it is instead.
 * @throws InputError when it is one beyond MEDIA_BOUNDS.
 */
export function requireVideo(media: MediaInfo, name: string): UsableVideo {
  if (media.bytes === 0) throw new MediaError(`${name} is empty (0 bytes). Send a video file.`);
  if (!media.container) {
    throw new MediaError(`${name} is not a media file that is known (mp4, mov, mkv, avi, webm). Send a video file.`);
  }
  const container = CONTAINERS[media.container];
  if (!container) {
    throw new MediaError(`${name} is ${media.container}, which is not read here. Send mp4, mov, mkv, avi or webm.`);
  }
  const [video] = media.video;
  if (!video) throw withoutVideo(media, name);
  const { width, height } = video;
  if (width === undefined || height === undefined || width < 1 || height < 1) {
    throw new MediaError(
      media.truncated
        ? `${name} ends inside its header (${media.bytes} bytes), so it can't be decoded. Send the whole file.`
        : `${name} has a video stream of no size. Send a clip with a picture.`,
    );
  }
  const usable = { ...video, width, height };
  requireBounds(media, usable, name);
  return usable;
}

/** The demuxer that reads a container, so that ffmpeg need not guess. */
export function demuxerOf({ container }: MediaInfo): 'mov' | 'matroska' | 'avi' | undefined {
  return container === undefined ? undefined : CONTAINERS[container];
}

const CONTAINERS: Record<string, 'mov' | 'matroska' | 'avi'> = {
  'MPEG-4': 'mov',
  QuickTime: 'mov',
  Matroska: 'matroska',
  WebM: 'matroska',
  AVI: 'avi',
};

function withoutVideo({ container, audio, otherTracks, truncated, bytes }: MediaInfo, name: string): MediaError {
  const found = [count(audio.length, 'audio'), count(otherTracks, 'other')].filter(Boolean).join(', ');
  if (found) return new MediaError(`${name} has no video stream (found: ${found}). Send a clip with a picture track.`);
  const isMp4 = CONTAINERS[container ?? ''] === 'mov';
  if (isMp4) {
    return new MediaError(
      `${name} is ${container} without a moov header, so nothing in it can be found (${bytes} bytes). ` +
        'The recording or the upload was cut short: send the whole file.',
    );
  }
  const why = truncated ? 'it ends before its streams are described' : 'it holds no streams';
  return new MediaError(`${name} has no video stream: ${why}. Send a clip with a picture track.`);
}

function count(number: number, kind: string): string {
  return number > 0 ? `${number} ${kind}` : '';
}

function requireBounds(media: MediaInfo, video: UsableVideo, name: string): void {
  const { width, height, frameRate, pixelAspect } = video;
  const bounds = MEDIA_BOUNDS;
  if (pixelAspect > bounds.pixelAspect || pixelAspect < 1 / bounds.pixelAspect) {
    throw new InputError(`${name} has pixels of shape ${pixelAspect}:1; at most ${bounds.pixelAspect}:1 is taken.`);
  }
  // As large as it becomes with square pixels.
  const [wide, high] = [width * Math.max(1, pixelAspect), height / Math.min(1, pixelAspect)];
  if (Math.max(wide, high) > bounds.side || wide * high > bounds.pixels) {
    throw new InputError(
      `${name} is ${width}x${height}; at most ${bounds.side} pixels a side and ${bounds.pixels} in all are taken.`,
    );
  }
  // An AVI file has one rate by definition; the other containers time each frame, and may leave the mean out.
  const rate = frameRate ?? (media.container === 'AVI' ? 0 : 1);
  if (rate < bounds.slowestFramesPerSecond || rate > bounds.framesPerSecond) {
    throw new InputError(
      `${name} says it has ${rate} frames a second; from one a day to ${bounds.framesPerSecond} are taken.`,
    );
  }
  const seconds = video.durationSeconds ?? media.durationSeconds ?? 0;
  if (seconds > bounds.durationSeconds) {
    throw new InputError(`${name} lasts ${seconds} s; at most ${bounds.durationSeconds} s are taken. Cut it.`);
  }
}

function toMediaInfo({ media }: MediaInfoResult, bytes: number): MediaInfo {
  const tracks = media?.track ?? [];
  const general = tracks.find((track) => track['@type'] === 'General');
  const streams = tracks.filter((track) => track['@type'] !== 'General');
  return {
    container: general?.Format,
    bytes,
    durationSeconds: general?.Duration,
    truncated: tracks.some(({ extra }) => isTruncated(extra)),
    video: streams.filter((track) => track['@type'] === 'Video').map(toVideoTrack),
    audio: streams.filter((track) => track['@type'] === 'Audio').map(toAudioTrack),
    otherTracks: streams.filter(({ '@type': type }) => type !== 'Video' && type !== 'Audio').length,
  };
}

function isTruncated(extra: unknown): boolean {
  return typeof extra === 'object' && extra !== null && 'IsTruncated' in extra && extra.IsTruncated === 'Yes';
}

function toVideoTrack(track: MediaInfoVideo): VideoTrack {
  return {
    codec: track.Format,
    durationSeconds: track.Duration,
    width: track.Width,
    height: track.Height,
    rotation: ((Math.round(Number(track.Rotation ?? 0)) % 360) + 360) % 360,
    pixelAspect: track.PixelAspectRatio ?? 1,
    frameRate: frameRateOf(track),
    variableFrameRate: track.FrameRate_Mode === 'VFR',
    frameCount: track.FrameCount,
    bitDepth: track.BitDepth,
    chromaSubsampling: track.ChromaSubsampling,
    scan: scanOf(firstOf(track.ScanType)),
    colourMatrix: firstOf(track.matrix_coefficients),
    colourRange: rangeOf(firstOf(track.colour_range)),
  };
}

/** MediaInfo rounds to thousandths, which makes 0 of a slow timelapse; the mean then comes from count and duration. */
function frameRateOf({ FrameRate: rate, FrameCount: frames, Duration: seconds }: MediaInfoVideo): number | undefined {
  if (rate !== undefined && rate > 0) return rate;
  return frames && seconds ? frames / seconds : undefined;
}

/** Where container and stream both say something, MediaInfo gives `one / other`. */
function firstOf(value: string | undefined): string | undefined {
  return value?.split(' / ')[0];
}

function scanOf(type: string | undefined): VideoTrack['scan'] {
  if (type === undefined) return 'unknown';
  return type === 'Progressive' ? 'progressive' : 'interlaced';
}

function rangeOf(range: string | undefined): VideoTrack['colourRange'] {
  if (range === 'Full') return 'full';
  return range === 'Limited' ? 'limited' : undefined;
}

function toAudioTrack(track: MediaInfoAudio): AudioTrack {
  return {
    codec: track.Format,
    durationSeconds: track.Duration,
    channels: track.Channels,
    sampleRateHz: track.SamplingRate,
  };
}
