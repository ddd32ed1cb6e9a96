import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ContractError } from '#core/errors';
import { ffmpegFailure, startFfmpeg } from '#media/ffmpeg';
import { demuxerOf, type MediaInfo } from '#media/probe';

interface WriteRequest {
  path: string;
  name: string;
  media: MediaInfo;
  /** Numbers of the frames in the video, rising. */
  indexes: readonly number[];
  folder: string;
  signal?: AbortSignal;
}

/** Decodes a video once more and writes the chosen frames as JPEGs, upright and with square pixels. @returns their names. */
export async function writeFrames(request: WriteRequest): Promise<string[]> {
  const { path, name, media, indexes, folder, signal } = request;
  await mkdir(folder, { recursive: true });
  const demuxer = demuxerOf(media);
  const decoder = await startFfmpeg({
    input: { source: { path, ...(demuxer ? { demuxer } : {}) }, options: ['-reinit_filter', '0'] },
    output: {
      target: '%06d.jpg',
      options: [
        ...['-map', '0:v:0', '-vf', filters(indexes), '-fps_mode', 'passthrough', '-c:v', 'mjpeg', '-q:v', '2'],
        ...['-flags', '+bitexact', '-start_number', '0', '-frames:v', String(indexes.length), '-f', 'image2'],
      ],
    },
    folder,
    signal,
  });
  const end = await decoder.ended;
  signal?.throwIfAborted();
  if (end.interrupted || (end.exitCode !== 0 && end.complaints.some((line) => /filter|Invalid/i.test(line)))) {
    throw ffmpegFailure(name, end);
  }
  const names = indexes.map((index) => `frame_${String(index).padStart(6, '0')}.jpg`);
  for (const [at, file] of names.entries()) {
    await rename(join(folder, `${String(at).padStart(6, '0')}.jpg`), join(folder, file)).catch((cause: unknown) => {
      throw new ContractError(`${name}: frame ${indexes[at]} was decoded once and not a second time.`, { cause });
    });
  }
  return names;
}

/** The same frames by the same numbers as when they were looked at: nothing before the choice drops or adds one. */
function filters(indexes: readonly number[]): string {
  return [
    `select='${anyOf(indexes)}'`,
    `scale=w='if(gt(sar\\,1)\\,round(iw*min(sar\\,8))\\,iw)':h='if(lt(sar\\,1)\\,round(ih/max(sar\\,1/8))\\,ih)'` +
      ':flags=bicubic+accurate_rnd+bitexact:out_range=full',
    'setsar=1',
    'format=yuvj420p',
  ].join(',');
}

/** Halved again and again, since ffmpeg reads an expression only so deep, and a chain of 300 sums is 300 deep. */
function anyOf(indexes: readonly number[]): string {
  if (indexes.length === 1) return `eq(n\\,${indexes[0]})`;
  const half = indexes.length >> 1;
  return `(${anyOf(indexes.slice(0, half))}+${anyOf(indexes.slice(half))})`;
}
