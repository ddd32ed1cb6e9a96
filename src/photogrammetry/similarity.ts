import { rowsOf } from './model-text.ts';

export type Vector = readonly [number, number, number];

/** Brings points of one system into another: q = scale * R p + shift. */
export interface Similarity {
  scale: number;
  rotation: readonly [Vector, Vector, Vector];
  shift: Vector;
}

type Rows = [number[], number[], number[]];

/**
 * The similarity that brings `from` closest to `to`, in the sense of least squares. Umeyama, "Least-Squares Estimation of
 * Transformation Parameters Between Two Point Patterns" (1991); the rotation by Horn's quaternions (1987), which is the
 * same one.
 */
export function fitSimilarity(from: readonly Vector[], to: readonly Vector[]): Similarity {
  const [a, b] = [meanOf(from), meanOf(to)];
  const correlation: Rows = [
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
  for (let at = 0; at < from.length; at += 1) {
    scale += dot(minus(to[at]!, b), rotate(rotation, minus(from[at]!, a))) / spread;
  }
  const moved = rotate(rotation, a);
  const shift = b.map((value, axis) => value - scale * moved[axis]!) as unknown as Vector;
  return { scale, rotation, shift };
}

export function applySimilarity({ scale, rotation, shift }: Similarity, point: Vector): Vector {
  return rotate(rotation, point).map((value, axis) => scale * value + shift[axis]!) as unknown as Vector;
}

export function rotate(rotation: Similarity['rotation'], vector: Vector): Vector {
  return rotation.map((row) => dot(row, vector)) as unknown as Vector;
}

/** The quaternion of the best rotation is the largest eigenvector of a 4x4 matrix: power iteration finds it. */
function rotationFor(m: Rows): Similarity['rotation'] {
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
    const length = Math.hypot(...next) || 1;
    q = next.map((value) => value / length);
  }
  return rowsOf(q as [number, number, number, number]) as unknown as Similarity['rotation'];
}

export function dot(one: Vector, other: Vector): number {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}

export function minus(one: Vector, other: Vector): Vector {
  return [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
}

function meanOf(vectors: readonly Vector[]): Vector {
  const sum = vectors.reduce<number[]>((total, vector) => total.map((value, axis) => value + vector[axis]!), [0, 0, 0]);
  return sum.map((value) => value / vectors.length) as unknown as Vector;
}
