import type { Frame } from './poses.ts';
import { cross, dot, scaled, sum, unit, type Vector } from './vectors.ts';

/** Where one looks from: angles in radians, distance and target in reaches of the frame. */
export interface Eye {
  turn: number;
  rise: number;
  distance: number;
  target: Vector;
}

export const HOME: Eye = { turn: 0.6, rise: 0.6, distance: 2.1, target: [0, 0, 0] };

const STEEPEST = 1.5;
const [NEAREST, FARTHEST] = [0.05, 20];

export function turned(eye: Eye, across: number, along: number): Eye {
  return { ...eye, turn: eye.turn - across, rise: Math.max(-STEEPEST, Math.min(STEEPEST, eye.rise + along)) };
}

/** A factor below 1 comes closer. */
export function zoomed(eye: Eye, factor: number): Eye {
  return { ...eye, distance: Math.max(NEAREST, Math.min(FARTHEST, eye.distance * factor)) };
}

/** Moves what is looked at, by parts of the picture's height. */
export function shifted(eye: Eye, up: Vector, across: number, along: number): Eye {
  const { right, above } = axesOf(eye, up);
  const move = sum([scaled(right, -across * eye.distance), scaled(above, along * eye.distance)]);
  return { ...eye, target: sum([eye.target, move]) };
}

/** Unit vectors: from what is looked at to the eye, and the picture's right and upper side. */
export function axesOf({ turn, rise }: Eye, up: Vector): { back: Vector; right: Vector; above: Vector } {
  const east = unit(cross(up, Math.abs(up[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0]));
  const north = cross(up, east);
  const flat = Math.cos(rise);
  const around = sum([scaled(east, flat * Math.cos(turn)), scaled(north, flat * Math.sin(turn))]);
  const back = sum([around, scaled(up, Math.sin(rise))]);
  const right = unit(cross(up, back));
  return { back, right, above: cross(back, right) };
}

// Half of it is 23 degrees: about what a person looks at.
const ZOOM = 1 / Math.tan(0.4);

/** What takes a point of the scene to the picture, by columns, as WebGL wants it; `aspect` is width over height. */
export function viewMatrix(eye: Eye, up: Vector, { middle, reach }: Frame, aspect: number): Float32Array {
  const { back, right, above } = axesOf(eye, up);
  const from = sum([eye.target, scaled(back, eye.distance)]);
  const [near, far] = [eye.distance / 100, eye.distance + FARTHEST];
  const [a, b] = [(far + near) / (near - far), (2 * far * near) / (near - far)];
  // A row takes (p - middle) / reach - from; the last two are the depth and what everything is divided by.
  const rows = [scaled(right, ZOOM / aspect), scaled(above, ZOOM), scaled(back, a), scaled(back, -1)];
  const offsets = [0, 0, b, 0];
  const columns = [0, 1, 2].flatMap((axis) => rows.map((row) => row[axis]! / reach));
  const moved = sum([from, scaled(middle, 1 / reach)]);
  return Float32Array.from([...columns, ...rows.map((row, at) => offsets[at]! - dot(row, moved))]);
}
