import { smallestDirection } from './smallest-direction.ts';

interface Cloud {
  count: number;
  positions: Float64Array | Float32Array;
}

// Enough neighbours to tell a plane from noise, few enough to stay on one side of an edge.
const NEIGHBOURS = 12;

/**
 * Normals of points that have none: the direction in which a point's neighbours spread least, turned to the side from
 * which it was seen. Hoppe et al., "Surface Reconstruction from Unorganized Points" (1992).
 * @param seenFrom a place that sees the point.
 */
export function estimateNormals(
  { count, positions }: Cloud,
  seenFrom: (point: number) => readonly number[],
): Float32Array {
  const normals = new Float32Array(3 * count);
  const neighboursOf = searchNear({ count, positions });
  for (let point = 0; point < count; point += 1) {
    const near = neighboursOf(point, NEIGHBOURS);
    const normal = smallestDirection(spread(positions, near));
    const eye = seenFrom(point);
    let towards = 0;
    for (let axis = 0; axis < 3; axis += 1) towards += normal[axis]! * (eye[axis]! - positions[3 * point + axis]!);
    for (let axis = 0; axis < 3; axis += 1) normals[3 * point + axis] = towards < 0 ? -normal[axis]! : normal[axis]!;
  }
  return normals;
}

/** The covariance of points: xx, xy, xz, yy, yz, zz. */
function spread(positions: Cloud['positions'], points: readonly number[]): number[] {
  const mean = [0, 1, 2].map(
    (axis) => points.reduce((sum, point) => sum + positions[3 * point + axis]!, 0) / points.length,
  );
  const sums = [0, 0, 0, 0, 0, 0];
  for (const point of points) {
    const [x, y, z] = [0, 1, 2].map((axis) => positions[3 * point + axis]! - mean[axis]!) as [number, number, number];
    for (const [at, product] of [x * x, x * y, x * z, y * y, y * z, z * z].entries()) sums[at]! += product;
  }
  return sums;
}

/** Sorts the points by their place on one axis after another (a k-d tree), and finds the nearest of one among them. */
function searchNear({ count, positions }: Cloud): (point: number, wanted: number) => number[] {
  const order = Array.from({ length: count }, (_, point) => point);
  const axes = new Uint8Array(count);
  build(0, count);
  return (point, wanted) => {
    const found: { point: number; distance: number }[] = [];
    visit(0, count, point, wanted, found);
    return found.map((one) => one.point);
  };

  function build(from: number, to: number): void {
    if (to - from <= 1) return;
    const axis = longestAxis(from, to);
    const part = order.slice(from, to).sort((one, other) => positions[3 * one + axis]! - positions[3 * other + axis]!);
    for (const [at, point] of part.entries()) order[from + at] = point;
    const middle = (from + to) >> 1;
    axes[middle] = axis;
    build(from, middle);
    build(middle + 1, to);
  }

  function longestAxis(from: number, to: number): number {
    const spans = [0, 1, 2].map((axis) => {
      let [low, high] = [Infinity, -Infinity];
      for (let at = from; at < to; at += 1) {
        const value = positions[3 * order[at]! + axis]!;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      return high - low;
    });
    return spans.indexOf(Math.max(...spans));
  }

  function visit(
    from: number,
    to: number,
    point: number,
    wanted: number,
    found: { point: number; distance: number }[],
  ): void {
    if (from >= to) return;
    const middle = (from + to) >> 1;
    const other = order[middle]!;
    const axis = axes[middle]!;
    let distance = 0;
    for (let each = 0; each < 3; each += 1)
      distance += (positions[3 * point + each]! - positions[3 * other + each]!) ** 2;
    const worst = found.length < wanted ? Infinity : found.at(-1)!.distance;
    if (distance < worst) {
      const place = found.findIndex((one) => one.distance > distance);
      found.splice(place < 0 ? found.length : place, 0, { point: other, distance });
      if (found.length > wanted) found.pop();
    }
    const side = positions[3 * point + axis]! - positions[3 * other + axis]!;
    const [near, far] =
      side < 0
        ? [
            [from, middle],
            [middle + 1, to],
          ]
        : [
            [middle + 1, to],
            [from, middle],
          ];
    visit(near![0]!, near![1]!, point, wanted, found);
    if (found.length < wanted || side * side < found.at(-1)!.distance) visit(far![0]!, far![1]!, point, wanted, found);
  }
}
