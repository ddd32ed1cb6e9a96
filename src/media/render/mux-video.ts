import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FfmpegInput, startFfmpeg } from '../ffmpeg.ts';
import { demuxerOf, type MediaInfo } from '../probe.ts';
import { encodeFailure } from './render-segment.ts';
import type { FrameStamp, PictureFacts } from './survey-log.ts';
import { outputTimeBase, rescale, secondsAt } from './time-base.ts';

export interface MuxRequest {
  /** Rendered segments in order, each with the stamp of its first frame. */
  segments: readonly { path: string; first: FrameStamp }[];
  /** How many frames there are in all. */
  frames: number;
  /** Stamps of the first and the last one, and for how many ticks the last one stays. */
  first: FrameStamp;
  last: FrameStamp;
  lastDurationTicks: number;
  facts: PictureFacts;
  /** The source, whose sound, subtitles, chapters and tags are copied. */
  source: { path: string; name: string; media: MediaInfo };
  folder: string;
  /** File name whose ending says the container. */
  file: string;
  signal?: AbortSignal | undefined;
}

/** The container that takes everything the source's own one has. MediaInfo calls QuickTime files MPEG-4 too. */
export function containerFor({ container, audio }: MediaInfo): 'mp4' | 'mov' | 'mkv' {
  if (container !== 'MPEG-4' && container !== 'QuickTime') return 'mkv';
  return container === 'QuickTime' || audio.some(({ codec }) => !MP4_SOUND.includes(codec ?? '')) ? 'mov' : 'mp4';
}

// As MediaInfo names them.
const MP4_SOUND = ['AAC', 'AC-3', 'E-AC-3', 'MPEG Audio', 'Opus', 'FLAC', 'ALAC'];

/**
 * Joins rendered segments, puts every frame where it was in the source and copies the other streams beside it. Nothing is
 * encoded again. @throws ToolError when it can't be written so, ResourceError when the disk is full.
 */
export async function muxVideo(request: MuxRequest): Promise<void> {
  const { facts, source, folder, file, signal } = request;
  const base = outputTimeBase(facts.timeBase);
  const demuxer = demuxerOf(source.media);
  const isMp4 = !file.endsWith('.mkv');
  // Matroska counts in milliseconds, and ffmpeg 5.1 tells its filter another time base than the packets are in.
  const late = isMp4 ? [] : ['-itsoffset', secondsAt(request.first, facts).toFixed(6)];
  const muxer = await startFfmpeg({
    input: { source: await pictures(request), options: ['-copyts', ...late] },
    more: [{ source: { path: source.path, ...(demuxer ? { demuxer } : {}) } }],
    output: {
      target: file,
      options: [
        ...['-map', '0:v:0', '-map', '1:a?', '-map', '1:s?', ...(isMp4 ? [] : ['-map', '1:t?'])],
        ...['-map_metadata', '1', '-map_chapters', '1', '-c', 'copy'],
        ...(isMp4 ? ['-bsf:v', stampFilter(request), '-video_track_timescale', String(base.denominator)] : []),
        ...(isMp4 ? ['-movflags', '+faststart'] : []),
        ...['-fflags', '+bitexact', '-max_interleave_delta', '0'],
      ],
    },
    folder,
    signal,
  });
  const end = await muxer.ended;
  if (end.exitCode === 0) return;
  await rm(join(folder, file), { force: true });
  signal?.throwIfAborted();
  throw encodeFailure(source.name, end);
}

async function pictures({
  segments,
  last,
  lastDurationTicks,
  facts,
  folder,
}: MuxRequest): Promise<FfmpegInput['source']> {
  if (segments.length === 1) return { path: segments[0]!.path, demuxer: 'mov' };
  // Ends in whole microseconds from the beginning, so that rounding does not add up from segment to segment.
  const begin = segments[0]!.first.ticks;
  const ends = [...segments.slice(1).map(({ first }) => first.ticks), last.ticks + lastDurationTicks];
  const marks = ends.map((ticks) => rescale(ticks - begin, facts.timeBase, { numerator: 1, denominator: 1_000_000 }));
  const entries = segments.map(
    ({ path }, at) => `file '${path.replaceAll("'", "'\\''")}'\nduration ${marks[at]! - (marks[at - 1] ?? 0)}us\n`,
  );
  const list = join(folder, 'segments.txt');
  await writeFile(list, `ffconcat version 1.0\n${entries.join('')}`);
  return { list };
}

/**
 * Moves the first frame from 0 to where it was, and gives the last one its duration. The length of a track is added up in
 * the order of decoding, where another frame may come last: that one makes up for what the order has taken or given.
 */
function stampFilter({ frames, first, last, lastDurationTicks, facts }: MuxRequest): string {
  const base = outputTimeBase(facts.timeBase);
  const ticks = [first.ticks, last.ticks - first.ticks, lastDurationTicks];
  const [shift, end, duration] = ticks.map((count) => rescale(count, facts.timeBase, base));
  const rest = `max(1\\,${end! + duration!}+STARTDTS-DTS)`;
  const own = `if(eq(N\\,${frames - 1})\\,${rest}\\,if(eq(PTS\\,${end})\\,${duration}\\,DURATION))`;
  return `setts=pts=PTS+(${shift}):dts=DTS+(${shift}):duration=${own}`;
}
