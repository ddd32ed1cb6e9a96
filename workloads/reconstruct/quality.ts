import { z } from 'zod';
import type { SparseModel } from '#photogrammetry/model-text';

/** How good a model is, measured on itself. */
export const qualitySchema = z.object({
  frames: z.int(),
  registered: z.int(),
  points: z.int(),
  /** Pictures that see a point, on average. */
  meanTrackLength: z.number(),
  meanReprojectionErrorPixels: z.number(),
  /** Part of a picture in which there are points, on average: of 8 by 8 cells. */
  coverage: z.number(),
  /** How far the cameras are apart at most, in distances to what they look at. */
  pathScale: z.number(),
});

export type Quality = z.infer<typeof qualitySchema>;

const CELLS = 8;

export function measureQuality(model: SparseModel, frames: number): Quality {
  const { pictures, points } = model;
  const observations = points.seenBy.reduce((sum, seen) => sum + seen.length, 0);
  const weighted = points.seenBy.reduce((sum, seen, at) => sum + seen.length * points.errors[at]!, 0);
  return {
    frames,
    registered: pictures.length,
    points: points.count,
    meanTrackLength: rounded(observations / Math.max(1, points.count)),
    meanReprojectionErrorPixels: rounded(weighted / Math.max(1, observations)),
    coverage: rounded(coverage(model)),
    pathScale: rounded(pathScale(model)),
  };
}

function coverage({ cameras, pictures }: SparseModel): number {
  const sizes = new Map(cameras.map((camera) => [camera.id, camera]));
  let sum = 0;
  for (const { cameraId, places } of pictures) {
    const { width, height } = sizes.get(cameraId)!;
    const cells = new Set<number>();
    for (let at = 0; at < places.length; at += 2) {
      const column = Math.floor((places[at]! / width) * CELLS);
      cells.add(Math.floor((places[at + 1]! / height) * CELLS) * CELLS + column);
    }
    sum += cells.size / (CELLS * CELLS);
  }
  return sum / Math.max(1, pictures.length);
}

/** The box around the cameras against the middle distance from them to the points: an orbit has about 2, a turn 0. */
function pathScale({ pictures, points }: SparseModel): number {
  if (pictures.length === 0 || points.count === 0) return 0;
  const spans = [0, 1, 2].map((axis) => {
    const values = pictures.map(({ centre }) => centre[axis]!);
    return Math.max(...values) - Math.min(...values);
  });
  const centres = new Map(pictures.map(({ id, centre }) => [id, centre]));
  const distances: number[] = [];
  for (let at = 0; at < points.count; at += 1) {
    const centre = centres.get(points.seenBy[at]![0]!);
    if (!centre) continue;
    distances.push(Math.hypot(...centre.map((value, axis) => value - points.positions[3 * at + axis]!)));
  }
  distances.sort((one, other) => one - other);
  return Math.hypot(...spans) / (distances[distances.length >> 1] || Infinity);
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
