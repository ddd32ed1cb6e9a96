import { dot, median, scaled, sum, unit, type Vector } from './vectors.ts';

/** Where a picture was taken from, in the scene's own unit, and how far it sees to each side at a distance of 1. */
export interface Pose {
  centre: Vector;
  right: Vector;
  down: Vector;
  forward: Vector;
  /** Half the picture's width and height over the focal length. */
  across: number;
  along: number;
}

/** Numbers of a pose in a row: centre, right, down, forward, across, along. */
export const POSE_NUMBERS = 14;

export function posesOf(numbers: Float32Array): Pose[] {
  const vector = (at: number): Vector => [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!];
  return Array.from({ length: numbers.length / POSE_NUMBERS }, (_, pose) => {
    const at = pose * POSE_NUMBERS;
    return {
      ...{ centre: vector(at), right: vector(at + 3), down: vector(at + 6), forward: vector(at + 9) },
      ...{ across: numbers[at + 12]!, along: numbers[at + 13]! },
    };
  });
}

// Photogrammetry has y downwards.
const UP: Vector = [0, -1, 0];

/** People hold cameras upright: against the mean of what the pictures call down. */
export function upOf(poses: Pose[]): Vector {
  const down = sum(poses.map((pose) => pose.down));
  return dot(down, down) === 0 ? UP : unit(scaled(down, -1));
}

/** What a view is laid around: the middle of the points, and the distance that is far from it. */
export interface Frame {
  middle: Vector;
  reach: number;
}

const MOST_LOOKED_AT = 20_000;

/** Medians, because a point that was placed far away must not push the rest into a corner. */
export function frameOf(positions: Float32Array, poses: Pose[]): Frame {
  const step = Math.max(1, Math.floor(positions.length / 3 / MOST_LOOKED_AT)) * 3;
  const along = (axis: number) => {
    const values: number[] = [];
    for (let at = axis; at < positions.length; at += step) values.push(positions[at]!);
    return values;
  };
  const axes = [along(0), along(1), along(2)] as const;
  const middle: Vector = [median(axes[0]), median(axes[1]), median(axes[2])];
  const fromMiddle = (x: number, y: number, z: number) => Math.hypot(x - middle[0], y - middle[1], z - middle[2]);
  const cameras = median(poses.map(({ centre }) => fromMiddle(...centre)));
  // Without cameras: as far as most points reach, and some air around them.
  const points = axes[0].map((x, at) => fromMiddle(x, axes[1][at]!, axes[2][at]!)).sort((a, b) => a - b);
  return { middle, reach: cameras || 1.6 * (points[Math.floor(0.95 * points.length)] ?? 0) || 1 };
}

const FRUSTUM_DEPTH = 0.07;
// Of the six points below: the rays, the picture, and its roof.
const FRUSTUM_LINES = [0, 1, 0, 2, 0, 3, 0, 4, 1, 2, 2, 3, 3, 4, 4, 1, 1, 5, 5, 2];

/** The lines of each camera's pyramid, with a roof on the picture's upper side. */
export function frusta(poses: Pose[], { reach }: Frame): { positions: Float32Array; lines: Uint32Array } {
  const depth = FRUSTUM_DEPTH * reach;
  const points = poses.flatMap(({ centre, right, down, forward, across, along }) => {
    const corner = (x: number, y: number) =>
      sum([centre, scaled(forward, depth), scaled(right, x * depth), scaled(down, y * depth)]);
    const picture = [corner(-across, -along), corner(across, -along), corner(across, along), corner(-across, along)];
    return [centre, ...picture, corner(0, -1.5 * along)];
  });
  return {
    positions: Float32Array.from(points.flat()),
    lines: Uint32Array.from(poses.flatMap((_, pose) => FRUSTUM_LINES.map((point) => 6 * pose + point))),
  };
}
