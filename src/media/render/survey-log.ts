/** A frame as ffmpeg shows it: its time stamp in ticks of the filter's time base, and whether decoding may begin there. */
export interface FrameStamp {
  ticks: number;
  key: boolean;
}

/** What all frames have in common, as the first one says. */
export interface PictureFacts {
  /** Seconds a tick: numerator / denominator. */
  timeBase: { numerator: number; denominator: number };
  width: number;
  height: number;
  /** ffmpeg's name: yuv420p, yuv420p10le, … */
  pixelFormat: string;
  /** Width of a pixel over its height, as `num/den`; `0/1` when unknown. */
  pixelAspect: string;
  colour: { range: string; matrix: string; primaries: string; transfer: string };
  /** Mean rate that the stream claims, frames a second as `num/den`. */
  frameRate: string;
  mastering?: MasteringDisplay;
  lightLevel?: { content: number; average: number };
}

/** SMPTE ST 2086, as x265 spells it: `G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min)`. */
export type MasteringDisplay = string;

export interface SurveyLog {
  /** To be called with every line of ffmpeg's log, in order. */
  read(line: string): void;
  /** All frames in display order; time stamps rise strictly. */
  readonly frames: FrameStamp[];
  /** Which of the frames were sampled. */
  readonly sampled: number[];
  /** Frames that were decoded with errors. */
  readonly damaged: number;
  readonly facts: PictureFacts | undefined;
}

/** Reads the log of a graph with the filters SOURCE_PROBE and SAMPLE_PROBE of `frame-log.ts` in it. */
export function createSurveyLog(): SurveyLog {
  const frames: FrameStamp[] = [];
  const sampled: number[] = [];
  // Time stamps as ffmpeg writes them, for frames that may still be sampled.
  const passed: { stamp: string; index: number }[] = [];
  let damaged = 0;
  let timeBase = { numerator: 1, denominator: 1 };
  let frameRate = '0/0';
  let facts: PictureFacts | undefined;

  function sourceLine(line: string): void {
    const config = CONFIG.exec(line);
    if (config) {
      timeBase = { numerator: Number(config[1]), denominator: Number(config[2]) };
      frameRate = config[3]!;
    }
    const frame = FRAME.exec(line);
    if (frame) {
      const [, stamp, pixelFormat, pixelAspect, width, height, key] = frame;
      facts ??= {
        ...{ timeBase, frameRate, pixelFormat: pixelFormat!, pixelAspect: pixelAspect! },
        ...{ width: Number(width), height: Number(height), colour: UNKNOWN_COLOUR },
      };
      passed.push({ stamp: stamp!, index: frames.length });
      frames.push({ ticks: laterThanLast(Number(stamp)), key: key === '1' });
    } else if (facts && frames.length === 1) readFacts(line, facts);
  }

  /** A frame without a time stamp, or with one that was there before, comes right after the one before it. */
  function laterThanLast(ticks: number): number {
    const last = frames.at(-1)?.ticks;
    if (last === undefined) return Number.isNaN(ticks) ? 0 : ticks;
    return Number.isNaN(ticks) || ticks <= last ? last + 1 : ticks;
  }

  function sampleLine(line: string): void {
    const stamp = FRAME.exec(line)?.[1];
    if (stamp === undefined) return;
    const at = passed.findIndex((frame) => frame.stamp === stamp);
    sampled.push(passed[at]!.index);
    passed.splice(0, at + 1);
  }

  return {
    read(line) {
      if (line.includes('[showinfo@source')) sourceLine(line);
      else if (line.includes('[showinfo@sample')) sampleLine(line);
      else if (line.includes('corrupt decoded frame')) damaged += 1;
    },
    frames,
    sampled,
    get damaged() {
      return damaged;
    },
    get facts() {
      return facts;
    },
  };
}

const CONFIG = /config in time_base: (\d+)\/(\d+), frame_rate: (\S+)/;
const FRAME = /\] n: *\d+ pts: *(\S+) .* fmt:(\w+) .*sar:(\d+\/\d+) s:(\d+)x(\d+) .*iskey:([01])/;
const COLOUR = /color_range:(\w+) color_space:(\w+) color_primaries:(\w+) color_trc:(\w+)/;
const UNKNOWN_COLOUR = { range: 'unknown', matrix: 'unknown', primaries: 'unknown', transfer: 'unknown' };
const NUMBER = '([-0-9.]+)';
const PAIR = `\\(${NUMBER}[ ,]+${NUMBER}\\)`;
const MASTERING = new RegExp(
  `mastering display.*r${PAIR} *g${PAIR} *b${PAIR} *wp${PAIR}.*min_luminance=${NUMBER}, *max_luminance=${NUMBER}`,
  'i',
);
const LIGHT_LEVEL = /MaxCLL=(\d+), *MaxFALL=(\d+)/i;

/** Lines that follow the one of the first frame. */
function readFacts(line: string, facts: PictureFacts): void {
  const colour = COLOUR.exec(line);
  if (colour) {
    const [, range, matrix, primaries, transfer] = colour;
    facts.colour = { range: range!, matrix: matrix!, primaries: primaries!, transfer: transfer! };
  }
  const mastering = MASTERING.exec(line);
  if (mastering) facts.mastering = asMasterDisplay(mastering.slice(1).map(Number));
  const light = LIGHT_LEVEL.exec(line);
  if (light) facts.lightLevel = { content: Number(light[1]), average: Number(light[2]) };
}

/** ST 2086 counts chromaticities in 1/50000 and luminance in 1/10000 cd/m2. */
function asMasterDisplay(numbers: number[]): MasteringDisplay {
  const [rx, ry, gx, gy, bx, by, wx, wy] = numbers.slice(0, 8).map((value) => Math.round(value * 50_000));
  const [min, max] = numbers.slice(8).map((value) => Math.round(value * 10_000));
  return `G(${gx},${gy})B(${bx},${by})R(${rx},${ry})WP(${wx},${wy})L(${max},${min})`;
}
