import type { FrameColour } from './colour.ts';

/** Which sampled frame one is. */
export interface FrameTime {
  /** Number of the frame in the source, from 0, in display order. */
  index: number;
  /** Presentation time in seconds from the start of the file. */
  seconds: number;
}

/** What all sampled frames of a video have in common. */
export interface FrameFormat {
  width: number;
  height: number;
  colour: FrameColour;
}

/** Reads the log of a graph with the filters SOURCE_PROBE and SAMPLE_PROBE in it. */
export interface FrameLog {
  /** To be called with every line of the log, in order. */
  read(line: string): void;
  /** The format of the sampled frames, or undefined when the log ended without one. */
  format(): Promise<FrameFormat | undefined>;
  /** The next sampled frame, or undefined when the log ended without one more. */
  next(): Promise<FrameTime | undefined>;
  end(): void;
  /** What has been decoded so far, sampled or not. */
  readonly decoded: DecodedSoFar;
}

export interface DecodedSoFar {
  frames: number;
  lastSeconds: number;
  /** Frames that were decoded with errors. */
  damaged: number;
}

export const SOURCE_PROBE = 'showinfo@source=checksum=0';
export const SAMPLE_PROBE = 'showinfo@sample=checksum=0';

/**
 * A reader for the lines that showinfo writes for every frame. Decoders log from threads of their own, and their words may
 * fall between the pieces of such a line. The first piece holds number, time stamp and size; of the rest only the colour is
 * read, once.
 */
export function createFrameLog(): FrameLog {
  const decoded: DecodedSoFar = { frames: 0, lastSeconds: 0, damaged: 0 };
  const passed: SourceFrameTime[] = [];
  const times: FrameTime[] = [];
  const waiting: ((time: FrameTime | undefined) => void)[] = [];
  const format = Promise.withResolvers<FrameFormat | undefined>();
  let picture: { width: number; height: number; fullRange: boolean } | undefined;
  let tickSeconds = 1;
  let ended = false;

  function sourceLine(line: string): void {
    const base = TIME_BASE.exec(line);
    // pts_time in the log has six digits, too few after some minutes.
    if (base) tickSeconds = Number(base[1]) / Number(base[2]);
    const stamp = FRAME.exec(line)?.[1];
    if (stamp === undefined) return;
    // A frame without a time stamp (NOPTS) comes right after the one before it.
    const ticks = Number(stamp);
    const seconds = Number.isNaN(ticks) ? decoded.lastSeconds : microseconds(ticks * tickSeconds);
    passed.push({ index: decoded.frames, seconds, stamp });
    decoded.lastSeconds = seconds;
    decoded.frames += 1;
  }

  function sampleLine(line: string): void {
    const stamp = FRAME.exec(line)?.[1];
    if (stamp !== undefined) {
      if (picture) settleFormat('');
      else picture = readPicture(line);
      deliver(takeSource(stamp));
    } else if (picture && line.includes('color_')) settleFormat(line);
  }

  /** Only the first call counts. */
  function settleFormat(line: string): void {
    const [, range, matrix = 'unknown'] = COLOUR.exec(line) ?? [];
    const { fullRange, ...size } = picture!;
    format.resolve({ ...size, colour: { range: fullRange || range === 'pc' ? 'full' : 'limited', matrix } });
  }

  /** The source frame that a sampled one is: the next one with its time stamp. Those before it were passed over. */
  function takeSource(stamp: string): FrameTime {
    const at = passed.findIndex((frame) => frame.stamp === stamp);
    const { index, seconds } = passed[at]!;
    passed.splice(0, at + 1);
    return { index, seconds };
  }

  function deliver(time: FrameTime): void {
    const receiver = waiting.shift();
    if (receiver) receiver(time);
    else times.push(time);
  }

  return {
    decoded,
    read(line) {
      if (line.includes('[showinfo@source')) sourceLine(line);
      else if (line.includes('[showinfo@sample')) sampleLine(line);
      else if (line.includes('corrupt decoded frame')) decoded.damaged += 1;
    },
    format: () => format.promise,
    next() {
      const time = times.shift();
      if (time || ended) return Promise.resolve(time);
      return new Promise((receive) => waiting.push(receive));
    },
    end() {
      ended = true;
      format.resolve(undefined);
      for (const receiver of waiting.splice(0)) receiver(undefined);
    },
  };
}

function readPicture(line: string): { width: number; height: number; fullRange: boolean } {
  const [, format, width, height] = PICTURE.exec(line)!;
  return { width: Number(width), height: Number(height), fullRange: format!.startsWith('yuvj') };
}

interface SourceFrameTime extends FrameTime {
  /** The time stamp as ffmpeg writes it. */
  stamp: string;
}

const TIME_BASE = /config in time_base: (\d+)\/(\d+)/;
const FRAME = /\] n: *\d+ pts: *(\S+) /;
const PICTURE = / fmt:(\w+) .* s:(\d+)x(\d+) /;
const COLOUR = /color_range:(\w+) color_space:(\w+)/;

/** Rounded to whole microseconds: 12 * 0.1 shall read 1.2, and no time base that videos have is finer. */
function microseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
