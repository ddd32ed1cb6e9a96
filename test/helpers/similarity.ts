import type { SparseModel } from '#photogrammetry/model-text';
import { rowsOf } from '#photogrammetry/model-text';

type Vector = readonly [number, number, number];
type Matrix = [number[], number[], number[]];

/** A camera whose place is known. */
export interface TrueView {
  centre: Vector;
  right: Vector;
  down: Vector;
  forward: Vector;
}

export interface PoseErrors {
  /** Distance of each camera to its true place, in the truth's units. */
  positions: number[];
  /** Angle of each camera to its true orientation. */
  degrees: number[];
}

/**
 * How far a model's cameras are from the true ones, after the similarity that brings them closest: a model has no scale,
 * place or direction of its own. Umeyama, "Least-Squares Estimation of Transformation Parameters Between Two Point
 * Patterns" (1991); the rotation by Horn's quaternions (1987), which is the same one.
 */
export function poseErrors({ pictures }: SparseModel, truthOf: (name: string) => TrueView): PoseErrors {
  const truths = pictures.map(({ name }) => truthOf(name));
  const from = pictures.map(({ centre }) => centre as Vector);
  const to = truths.map(({ centre }) => centre);
  const [a, b] = [meanOf(from), meanOf(to)];
  const correlation: Matrix = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  let spread = 0;
  for (let at = 0; at < from.length; at += 1) {
    const p = minus(from[at]!, a);
    const q = minus(to[at]!, b);
    spread += dot(p, p);
    for (let row = 0; row < 3; row += 1)
      for (let column = 0; column < 3; column += 1) correlation[row]![column]! += p[row]! * q[column]!;
  }
  const rotation = rotationFor(correlation);
  let scale = 0;
  for (let at = 0; at < from.length; at += 1)
    scale += dot(minus(to[at]!, b), times(rotation, minus(from[at]!, a))) / spread;
  return {
    positions: from.map((centre, at) => {
      const moved = times(rotation, minus(centre, a)).map(
        (value, axis) => value * scale + b[axis]!,
      ) as unknown as Vector;
      return Math.hypot(...minus(moved, to[at]!));
    }),
    degrees: pictures.map((picture, at) => {
      const { right, down, forward } = truths[at]!;
      const found = rowsOf(picture.rotation).map((row) => times(rotation, row));
      const trace = dot(found[0]!, right) + dot(found[1]!, down) + dot(found[2]!, forward);
      return (Math.acos(Math.max(-1, Math.min(1, (trace - 1) / 2))) * 180) / Math.PI;
    }),
  };
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}

/** The quaternion of the best rotation is the largest eigenvector of a 4x4 matrix: power iteration finds it. */
function rotationFor(m: Matrix): Matrix {
  const [[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]] = m as unknown as [Vector, Vector, Vector];
  const n = [
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, -xx + yy - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, -xx - yy + zz],
  ];
  // Shifted so that the largest is also the largest in size.
  const shift = Math.sqrt(n.flat().reduce((sum, value) => sum + value * value, 0));
  let q = [1, 0.1, 0.2, 0.3];
  for (let round = 0; round < 2_000; round += 1) {
    const next = n.map((row, at) => row.reduce((sum, value, column) => sum + value * q[column]!, shift * q[at]!));
    const length = Math.hypot(...next);
    q = next.map((value) => value / length);
  }
  return rowsOf(q as [number, number, number, number]) as unknown as Matrix;
}

function times(matrix: Matrix, vector: Vector): Vector {
  return matrix.map((row) => dot(row as unknown as Vector, vector)) as unknown as Vector;
}

function dot(one: Vector, other: Vector): number {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}

function minus(one: Vector, other: Vector): Vector {
  return [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
}

function meanOf(vectors: readonly Vector[]): Vector {
  const sum = vectors.reduce<number[]>((total, vector) => total.map((value, axis) => value + vector[axis]!), [0, 0, 0]);
  return sum.map((value) => value / vectors.length) as unknown as Vector;
}
