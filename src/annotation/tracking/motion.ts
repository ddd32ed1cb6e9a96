import type { Box } from '../boxes.ts';

/**
 * Where a box is and how fast it moves and grows: a Kalman filter of constant velocity for each of centre x, centre y,
 * width and height. The noises are shares of the box's height, as in SORT's successors (Wojke et al., 2017).
 */
export interface Motion {
  /** The box at this second, as the filter expects it. */
  at(seconds: number): Box;
  /** Takes in where the box was seen. Seconds never go back. */
  see(box: Box, seconds: number): void;
}

// Standard deviations: of a seen edge, and of the velocity's change within one second.
const SEEN = 1 / 20;
const PUSHED = 1 / 2;
// A new box may stand still or cross its own height several times a second.
const FIRST_VELOCITY = 2;

interface Axis {
  place: number;
  velocity: number;
  /** Variances of both, and their covariance. */
  pp: number;
  pv: number;
  vv: number;
}

export function startMotion(box: Box, seconds: number): Motion {
  const height = Math.max(1, box[3]);
  const axes = centred(box).map((place): Axis => {
    return { place, velocity: 0, pp: (SEEN * height) ** 2, pv: 0, vv: (FIRST_VELOCITY * height) ** 2 };
  });
  let last = seconds;

  return {
    at: (when) => boxFrom(axes.map(({ place, velocity }) => place + velocity * (when - last))),
    see(seen, when) {
      const elapsed = Math.max(0, when - last);
      const scale = Math.max(1, seen[3]);
      for (const [at, measured] of centred(seen).entries()) {
        predict(axes[at]!, elapsed, (PUSHED * scale) ** 2);
        correct(axes[at]!, measured, (SEEN * scale) ** 2);
      }
      last = when;
    },
  };
}

function predict(axis: Axis, seconds: number, push: number): void {
  axis.place += axis.velocity * seconds;
  // White acceleration over the time that went by.
  axis.pp += 2 * seconds * axis.pv + seconds ** 2 * axis.vv + (push * seconds ** 3) / 3;
  axis.pv += seconds * axis.vv + (push * seconds ** 2) / 2;
  axis.vv += push * seconds;
}

function correct(axis: Axis, measured: number, noise: number): void {
  const total = axis.pp + noise;
  const [gain, gainOfVelocity] = [axis.pp / total, axis.pv / total];
  const surprise = measured - axis.place;
  axis.place += gain * surprise;
  axis.velocity += gainOfVelocity * surprise;
  axis.vv -= gainOfVelocity * axis.pv;
  axis.pv *= 1 - gain;
  axis.pp *= 1 - gain;
}

function centred([x, y, width, height]: Box): [number, number, number, number] {
  return [x + width / 2, y + height / 2, width, height];
}

function boxFrom(values: number[]): Box {
  const [cx, cy, width, height] = values as [number, number, number, number];
  const [w, h] = [Math.max(1, width), Math.max(1, height)];
  return [cx - w / 2, cy - h / 2, w, h];
}
