import type { FrameColour } from './colour.ts';

/** What ffmpeg tells about one sampled frame before it writes its bytes. */
export interface FrameFacts {
  /** Number of the frame in the source, from 0, in display order. */
  index: number;
  /** Presentation time in seconds from the start of the file. */
  seconds: number;
  width: number;
  height: number;
  colour: FrameColour;
}

/** Reads the log of a graph with the filters SOURCE_PROBE and SAMPLE_PROBE in it. */
export interface FrameLog {
  /** To be called with every line of the log, in order. */
  read(line: string): void;
  /** The size of the first sampled frame, which is the size of all. */
  firstSize(): Promise<{ width: number; height: number }>;
  /** The next sampled frame, or undefined when the log ended without one more. */
  next(): Promise<FrameFacts | undefined>;
  end(): void;
  /** What has been decoded so far, sampled or not. */
  readonly decoded: DecodedSoFar;
}

export interface DecodedSoFar {
  frames: number;
  lastSeconds: number;
  /** The longest time between two frames that followed each other. */
  longestGapSeconds: number;
  /** Frames that were decoded with errors. */
  damaged: number;
}

export const SOURCE_PROBE = 'showinfo@source=checksum=0';
export const SAMPLE_PROBE = 'showinfo@sample=checksum=0';

/** A reader for the lines that showinfo writes: one or more for every frame, the last one giving its colour. */
export function createFrameLog(): FrameLog {
  const decoded: DecodedSoFar = { frames: 0, lastSeconds: 0, longestGapSeconds: 0, damaged: 0 };
  const sources: SourceFacts[] = [];
  let tickSeconds = 1;
  const facts: FrameFacts[] = [];
  const first = Promise.withResolvers<{ width: number; height: number }>();
  const waiting: ((facts: FrameFacts | undefined) => void)[] = [];
  let unfinished: Omit<FrameFacts, 'colour'> & { fullRange: boolean } = NOTHING;
  let ended = false;

  function sourceFrame(line: string): void {
    const base = TIME_BASE.exec(line);
    // pts_time in the log has six digits, too few after some minutes.
    if (base) tickSeconds = Number(base[1]) / Number(base[2]);
    const pts = PTS.exec(line);
    if (!pts) return;
    // A frame without a time stamp (NOPTS) comes right after the one before it.
    const ticks = Number(pts[1]);
    const seconds = Number.isNaN(ticks) ? decoded.lastSeconds : microseconds(ticks * tickSeconds);
    if (decoded.frames > 0) {
      decoded.longestGapSeconds = Math.max(decoded.longestGapSeconds, seconds - decoded.lastSeconds);
    }
    decoded.lastSeconds = seconds;
    sources.push({ index: decoded.frames, seconds, pts: pts[1]! });
    decoded.frames += 1;
  }

  function sampledFrame(line: string): void {
    const picture = PICTURE.exec(line);
    const pts = PTS.exec(line);
    if (picture && pts) {
      unfinished = {
        ...takeSource(pts[1]!),
        width: Number(picture[2]),
        height: Number(picture[3]),
        fullRange: picture[1]!.startsWith('yuvj'),
      };
      return;
    }
    const colour = COLOUR.exec(line);
    if (!colour) return;
    const { fullRange, ...frame } = unfinished;
    const range = fullRange || colour[1] === 'pc' ? 'full' : 'limited';
    deliver({ ...frame, colour: { range, matrix: colour[2]! } });
  }

  /** The source frame that a sampled one is: the next one with its time stamp. Those before it were passed over. */
  function takeSource(stamp: string): { index: number; seconds: number } {
    const at = sources.findIndex(({ pts }) => pts === stamp);
    const { index, seconds } = sources[at]!;
    sources.splice(0, at + 1);
    return { index, seconds };
  }

  function deliver(frame: FrameFacts): void {
    first.resolve({ width: frame.width, height: frame.height });
    const receiver = waiting.shift();
    if (receiver) receiver(frame);
    else facts.push(frame);
  }

  return {
    decoded,
    read(line) {
      if (line.startsWith('[showinfo@source')) sourceFrame(line);
      else if (line.startsWith('[showinfo@sample')) sampledFrame(line);
      else if (line.includes('corrupt decoded frame')) decoded.damaged += 1;
    },
    firstSize: () => first.promise,
    next() {
      const frame = facts.shift();
      if (frame || ended) return Promise.resolve(frame);
      return new Promise((receive) => waiting.push(receive));
    },
    end() {
      ended = true;
      for (const receiver of waiting.splice(0)) receiver(undefined);
    },
  };
}

interface SourceFacts {
  index: number;
  seconds: number;
  /** The time stamp as ffmpeg writes it. */
  pts: string;
}

const TIME_BASE = /config in time_base: (\d+)\/(\d+)/;
const PTS = /\] n: *\d+ pts: *(\S+) /;
const PICTURE = / fmt:(\w+) .* s:(\d+)x(\d+) /;
const COLOUR = /color_range:(\w+) color_space:(\w+)/;
const NOTHING = { index: 0, seconds: 0, width: 0, height: 0, fullRange: false };

/** Rounded to whole microseconds: 12 * 0.1 shall read 1.2, and no time base that videos have is finer. */
function microseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
