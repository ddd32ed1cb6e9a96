import type { SparseModel } from '#photogrammetry/model-text';
import { estimateNormals } from '#photogrammetry/normals';
import type { PlyModel } from '#photogrammetry/ply';

// What two pictures say of a point nobody confirms, and what is off by pixels is off in depth by much more.
const LEAST_TRACK = 3;
const MOST_ERROR_PIXELS = 1.5;

/** The points of a sparse model that a surface may go through, with normals. */
export function solidPoints({ pictures, points }: SparseModel): PlyModel & { normals: Float32Array } {
  const kept: number[] = [];
  for (let point = 0; point < points.count; point += 1) {
    if (points.seenBy[point]!.length >= LEAST_TRACK && points.errors[point]! <= MOST_ERROR_PIXELS) kept.push(point);
  }
  const pick = (values: ArrayLike<number>) => (_: unknown, at: number) =>
    values[3 * kept[Math.floor(at / 3)]! + (at % 3)]!;
  const length = 3 * kept.length;
  const positions = Float64Array.from({ length }, pick(points.positions));
  const centres = new Map(pictures.map(({ id, centre }) => [id, centre]));
  const normals = estimateNormals({ count: kept.length, positions }, (at) => {
    const eyes = [...points.seenBy[kept[at]!]!].map((id) => centres.get(id)!);
    return [0, 1, 2].map((axis) => eyes.reduce((sum, eye) => sum + eye[axis]!, 0) / eyes.length);
  });
  return { count: kept.length, positions, colours: Uint8Array.from({ length }, pick(points.colours)), normals };
}
