// Jacobi's rotations of a 3x3 matrix are done after a few sweeps; more change nothing.
const SWEEPS = 8;

/**
 * The unit vector along which a symmetric matrix, given as xx, xy, xz, yy, yz, zz, is smallest: its eigenvector of the
 * smallest eigenvalue, by Jacobi's method.
 */
export function smallestDirection([xx, xy, xz, yy, yz, zz]: number[]): [number, number, number] {
  const m = [
    [xx!, xy!, xz!],
    [xy!, yy!, yz!],
    [xz!, yz!, zz!],
  ];
  const vectors = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      rotate(m, vectors, p, q);
  }
  const values = [0, 1, 2].map((axis) => m[axis]![axis]!);
  const smallest = values.indexOf(Math.min(...values));
  return [0, 1, 2].map((axis) => vectors[axis]![smallest]!) as [number, number, number];
}

/** Turns in the plane of two axes so that their element becomes 0. */
function rotate(m: number[][], vectors: number[][], p: number, q: number): void {
  const off = m[p]![q]!;
  if (Math.abs(off) < 1e-300) return;
  const theta = (m[q]![q]! - m[p]![p]!) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < 3; k += 1) {
    const [a, b] = [m[k]![p]!, m[k]![q]!];
    [m[k]![p], m[k]![q]] = [c * a - s * b, s * a + c * b];
  }
  for (let k = 0; k < 3; k += 1) {
    const [a, b] = [m[p]![k]!, m[q]![k]!];
    [m[p]![k], m[q]![k]] = [c * a - s * b, s * a + c * b];
    const [x, y] = [vectors[k]![p]!, vectors[k]![q]!];
    [vectors[k]![p], vectors[k]![q]] = [c * x - s * y, s * x + c * y];
  }
}
