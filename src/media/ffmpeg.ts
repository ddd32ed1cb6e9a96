import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import ffmpeg from 'fluent-ffmpeg';
import { MediaError, ResourceError, ToolError, TransientError } from '#core/errors';
import { locateFfmpeg } from './locate-ffmpeg.ts';
import { MEDIA_BOUNDS } from './media-bounds.ts';
import type { PictureIntake } from './picture-intake.ts';

export { type LocatedFfmpeg, locateFfmpeg } from './locate-ffmpeg.ts';

/** The demuxers a stranger's file may be given to. Playlists, concat scripts and image patterns are not among them. */
const DEMUXERS = ['mov', 'matroska', 'avi'] as const;
export type Demuxer = (typeof DEMUXERS)[number];

// A child that does not end on SIGTERM within this time is killed.
const GRACE_MS = 2_000;
// What is kept of ffmpeg's complaints; a broken file can cause one for every macroblock.
const KEPT_COMPLAINTS = 20;

export interface FfmpegInput {
  /**
   * A local file by its path, whatever characters are in it; a list of MP4 files of our own, to be read as one; or frames of
   * our own that are written to stdin.
   */
  source: { path: string; demuxer?: Demuxer } | { list: string } | 'stdin';
  options?: string[];
}

export interface FfmpegOutput {
  /** `stdout`, or a file name below `folder`. */
  target: 'stdout' | string;
  options: string[];
}

export interface FfmpegRequest {
  input: FfmpegInput;
  /** Inputs beside the first one. */
  more?: FfmpegInput[];
  output: FfmpegOutput;
  /** A second output of the same run. */
  beside?: FfmpegOutput | undefined;
  /** The working folder: it keeps a `%` in a folder's name out of ffmpeg's file name patterns. */
  folder?: string;
  /** Where a target of `stdout` goes instead of being offered as a stream. */
  intake?: PictureIntake;
  /** Called with every line of ffmpeg's log, which is written at level info if this is given. */
  onLine?: (line: string) => void;
  signal?: AbortSignal | undefined;
}

export interface FfmpegProcess {
  stdin: Writable;
  /** To be read to its end: the process is not over before. Not there where an intake takes it. */
  stdout: Readable;
  pid: number;
  /** Resolves when the process is gone and its streams are closed; never rejects. */
  ended: Promise<FfmpegEnd>;
  /** Ends the process, SIGTERM first, and waits until it is gone. */
  stop(): Promise<void>;
}

export interface FfmpegEnd {
  exitCode: number | null;
  /** Something outside ended it: a signal, to which ffmpeg itself answers with code 255. */
  interrupted: boolean;
  /** Lines that ffmpeg logged as errors, the first few, and how many there were. */
  complaints: string[];
  complaintCount: number;
}

/** Starts ffmpeg. @throws ToolError when there is none, the signal's reason when it is aborted already. */
export async function startFfmpeg(request: FfmpegRequest): Promise<FfmpegProcess> {
  let child: ChildProcess;
  try {
    const { path } = await locateFfmpeg();
    request.signal?.throwIfAborted();
    child = spawn(path, ffmpegArguments(request), {
      stdio: [
        request.input.source === 'stdin' ? 'pipe' : 'ignore',
        request.output.target === 'stdout' ? (request.intake?.mouth ?? 'pipe') : 'ignore',
        'pipe',
      ],
      windowsHide: true,
      ...(request.folder === undefined ? {} : { cwd: request.folder }),
    });
  } finally {
    // The process has a hold of its own; the end is seen only when nobody else has one.
    request.intake?.mouth.destroy();
  }
  const ended = watchOver(child, request);
  // Without a listener Node throws away what is unread when the process exits.
  child.stdout?.on('readable', () => {});
  await started(child);
  return {
    stdin: child.stdin as Writable,
    stdout: child.stdout as Readable,
    pid: child.pid as number,
    ended,
    stop: async () => {
      endProcess(child);
      await ended;
    },
  };
}

/** The command line, with the limits that every input of ours is opened under. */
export function ffmpegArguments({ input, more = [], output, beside, onLine }: FfmpegRequest): string[] {
  const logging = ['-hide_banner', '-nostats', '-loglevel', onLine ? 'level+info' : 'level+error'];
  const command = ffmpeg();
  // With several arguments fluent-ffmpeg passes each one on as it is; a single one it would split at blanks.
  for (const [at, { source, options = [] }] of [input, ...more].entries()) {
    command.input(addressOf(source)).inputOptions(...(at === 0 ? logging : []), ...sourceOptions(source), ...options);
  }
  for (const { target, options } of beside ? [output, beside] : [output]) {
    command.output(target === 'stdout' ? 'pipe:1' : `file:${target}`).outputOptions('-y', ...options);
  }
  return command._getArguments();
}

/** Which reason in ffmpeg's own words is the one to show. */
export function ffmpegReason({ exitCode, complaints }: FfmpegEnd): string {
  return complaints.at(-1) ?? `ffmpeg ended with code ${exitCode}`;
}

/** The error for an ffmpeg run on `name` that gave nothing, or that did not come to its own end. */
export function ffmpegFailure(name: string, end: FfmpegEnd): MediaError | ResourceError | TransientError {
  const details = { exitCode: end.exitCode, complaints: end.complaints };
  if (end.interrupted) {
    return new TransientError(`ffmpeg was ended from outside while it worked on ${name}. Try again.`, { details });
  }
  if (end.complaints.some((line) => /No space left on device|Disk quota exceeded/.test(line))) {
    return new ResourceError(`The disk is full: ffmpeg could not write what it made of ${name}.`, { details });
  }
  return new MediaError(`${name} can't be decoded: ${ffmpegReason(end)}.`, { details });
}

function addressOf(source: FfmpegInput['source']): string {
  if (source === 'stdin') return 'pipe:0';
  return `file:${resolve('list' in source ? source.list : source.path)}`;
}

function sourceOptions(source: FfmpegInput['source']): string[] {
  if (source === 'stdin') return ['-protocol_whitelist', 'pipe'];
  if (!('list' in source)) return fileOptions(source);
  // Of a list and the files in it nothing was written by a stranger.
  return ['-nostdin', '-protocol_whitelist', 'file', '-format_whitelist', 'concat,mov', '-f', 'concat', '-safe', '0'];
}

function fileOptions({ demuxer }: { demuxer?: Demuxer }): string[] {
  return [
    '-nostdin',
    // Nothing but plain local files is opened, whatever a file claims to refer to.
    ...['-protocol_whitelist', 'file'],
    ...['-format_whitelist', DEMUXERS.join(',')],
    ...['-max_streams', String(MEDIA_BOUNDS.streams)],
    ...['-max_pixels', String(MEDIA_BOUNDS.pixels)],
    // Each decoding thread holds frames of its own, so memory would grow with the cores.
    ...['-threads', String(Math.min(availableParallelism() + 1, 9))],
    ...(demuxer ? ['-f', demuxer] : []),
  ];
}

function watchOver(child: ChildProcess, { onLine, signal }: FfmpegRequest): Promise<FfmpegEnd> {
  const complaints: string[] = [];
  let complaintCount = 0;
  const lines = createInterface({ input: child.stderr as Readable });
  lines.on('line', (line) => {
    const complaint = /^(?:\[[^\]]* @ [^\]]*\] )*\[(?:error|fatal|panic)\] (.+)$/.exec(line)?.[1];
    if (complaint) {
      complaintCount += 1;
      if (complaints.length < KEPT_COMPLAINTS) complaints.push(complaint);
    }
    onLine?.(line);
  });
  // A process that ends early closes its stdin; the writer learns that from `ended`.
  child.stdin?.on('error', () => {});
  const abort = () => endProcess(child);
  signal?.addEventListener('abort', abort, { once: true });
  return new Promise((settle) => {
    child.once('close', (exitCode) => {
      signal?.removeEventListener('abort', abort);
      settle({ exitCode, interrupted: exitCode === null || exitCode === 255, complaints, complaintCount });
    });
  });
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((settle, fail) => {
    child.once('spawn', settle);
    child.once('error', (cause) => fail(new ToolError(`ffmpeg could not be started: ${cause.message}.`, { cause })));
  });
}

function endProcess(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  // A reader that has stopped reading would keep the streams, and so the process's end, waiting.
  child.stdout?.destroy();
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  child.once('close', () => clearTimeout(timer));
}
