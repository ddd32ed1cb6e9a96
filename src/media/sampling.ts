import { InputError } from '#core/errors';

/**
 * Which frames of a video are looked at. Times are presentation times in seconds from the start of the file.
 * - `every`: frames 0, n, 2n, … by source number.
 * - `fps`: for each time k / fps after the first frame, the first frame at or after it; one frame may serve several.
 * - `times`: for each time, the frame on screen then: the last one that is not later, or the first of all. A frame that is
 *   on screen at several of the times is taken once.
 */
export type Sampling = { every: number } | { fps: number } | { times: readonly number[] };

// Rounding of container time stamps must not move a frame across a grid time: well under any frame's duration.
const GRID_SLACK = 1e-6;

/**
 * The ffmpeg filter that lets only sampled frames pass. Times need the frame after, so there all frames pass.
 * @throws InputError for numbers that make no sense.
 */
export function samplingFilters(sampling: Sampling): string[] {
  requireSense(sampling);
  if ('every' in sampling) return sampling.every === 1 ? [] : [`select='not(mod(n\\,${sampling.every}))'`];
  if ('fps' in sampling) {
    const gridTimes = (time: string) => `floor((${time}-start_t)*${sampling.fps}+${GRID_SLACK})`;
    return [`select='isnan(prev_selected_t)+gt(${gridTimes('t')}\\,${gridTimes('prev_selected_t')})'`];
  }
  return [];
}

/** Refuses times that lie after the end of the video. @throws InputError that names them. */
export function requireTimesWithin(sampling: Sampling, durationSeconds: number | undefined, name: string): void {
  if (!('times' in sampling) || durationSeconds === undefined) return;
  const beyond = sampling.times.filter((time) => time > durationSeconds);
  if (beyond.length > 0) {
    throw new InputError(`${name} lasts ${durationSeconds} s, so nothing is shown at ${beyond.join(', ')} s.`, {
      details: { durationSeconds, beyond },
    });
  }
}

function requireSense(sampling: Sampling): void {
  if ('every' in sampling && !(Number.isInteger(sampling.every) && sampling.every >= 1)) {
    throw new InputError(`Every n-th frame needs a whole n from 1 on, found ${sampling.every}.`);
  }
  if ('fps' in sampling && !(Number.isFinite(sampling.fps) && sampling.fps > 0)) {
    throw new InputError(`A sampling rate is a number of frames a second above 0, found ${sampling.fps}.`);
  }
  if ('times' in sampling) {
    const wrong = sampling.times.filter((time) => !(Number.isFinite(time) && time >= 0));
    if (wrong.length > 0 || sampling.times.length === 0) {
      throw new InputError(`Times are seconds from 0 on, at least one: found ${wrong.join(', ') || 'none'}.`);
    }
  }
}
