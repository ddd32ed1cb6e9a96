import type { Joint } from './outlines.ts';
import type { Person } from './people.ts';
import { cosine, sine } from './turns.ts';

export type Leg = { hip: Joint; knee: Joint; foot: Joint };
export type Arm = { shoulder: Joint; elbow: Joint; hand: Joint };

export type Skeleton = { hip: Joint; neck: Joint; head: Joint; legs: readonly [Leg, Leg]; arms: readonly [Arm, Arm] };

/** Joints in shares of the height, feet at the origin; [far, near] limbs. */
export function skeleton({ pose, build }: Person, side: number, stride: number): Skeleton {
  const walks = pose === 'walk' || pose === 'carry';
  const swing = walks ? sine(stride) : 0.18;
  const low = pose === 'crouch' ? 0.27 : pose === 'bend' ? 0.46 : 0.49;
  const lean = pose === 'bend' ? 0.3 * (side < 0 ? -1 : 1) : pose === 'crouch' ? 0.09 * side : walks ? 0.025 * side : 0;
  const hip: Joint = [pose === 'bend' ? -lean * 0.3 : 0, low];
  const neck: Joint = [hip[0] + lean, low + (pose === 'bend' ? 0.19 : 0.33)];
  const head: Joint = [neck[0] + lean * 0.35, neck[1] + (pose === 'bend' ? 0.06 : 0.1)];
  const apart = (0.045 + 0.02 * (1 - Math.abs(side))) * build;

  const leg = (sign: number): Leg => {
    const forward = 0.17 * swing * sign * side;
    const lift = walks ? Math.max(0, -sign * cosine(stride)) * 0.05 : 0;
    const spread = sign * apart * (1 - 0.6 * Math.abs(side));
    const bent = pose === 'crouch' ? 0.16 * (side < 0 ? -1 : 1) : 0.035 * side * (lift > 0 ? 1.6 : 0.6);
    return {
      hip: [hip[0] + spread * 0.8, hip[1]],
      knee: [hip[0] + spread + forward * 0.5 + bent, low * 0.52 + lift * 0.6],
      foot: [hip[0] * 0.3 + spread * 1.1 + forward, 0.025 + lift],
    };
  };
  const arm = (sign: number): Arm => {
    const shoulder: Joint = [neck[0] + sign * (0.13 - 0.1 * Math.abs(side)) * build, neck[1] - 0.025];
    if (pose === 'point' && sign > 0) {
      const way = side < 0 ? -1 : 1;
      return {
        shoulder,
        elbow: [shoulder[0] + way * 0.13, shoulder[1] + 0.01],
        hand: [shoulder[0] + way * 0.27, shoulder[1] + 0.04],
      };
    }
    if (pose === 'carry') {
      return {
        shoulder,
        elbow: [shoulder[0] + 0.02 * sign, shoulder[1] - 0.15],
        hand: [neck[0] + 0.13 * side, shoulder[1] - 0.17],
      };
    }
    if (pose === 'bend' || pose === 'crouch') {
      const way = side < 0 ? -1 : 1;
      return {
        shoulder,
        elbow: [shoulder[0] + way * 0.04, shoulder[1] - 0.15],
        hand: [shoulder[0] + way * 0.12, shoulder[1] - 0.25],
      };
    }
    const forward = -0.13 * swing * sign * side;
    return {
      shoulder,
      elbow: [shoulder[0] + forward * 0.4 + 0.015 * sign, shoulder[1] - 0.16],
      hand: [shoulder[0] + forward + 0.01 * sign, shoulder[1] - 0.31],
    };
  };
  return { hip, neck, head, legs: [leg(-1), leg(1)], arms: [arm(-1), arm(1)] };
}
