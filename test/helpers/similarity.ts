import type { SparseModel } from '#photogrammetry/model-text';
import { rowsOf } from '#photogrammetry/model-text';
import { applySimilarity, dot, fitSimilarity, minus, rotate, type Vector } from '#photogrammetry/similarity';

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
 * place or direction of its own.
 */
export function poseErrors({ pictures }: SparseModel, truthOf: (name: string) => TrueView): PoseErrors {
  const truths = pictures.map(({ name }) => truthOf(name));
  const similarity = fitSimilarity(
    pictures.map(({ centre }) => centre as Vector),
    truths.map(({ centre }) => centre),
  );
  return {
    positions: pictures.map(({ centre }, at) =>
      Math.hypot(...minus(applySimilarity(similarity, centre), truths[at]!.centre)),
    ),
    degrees: pictures.map((picture, at) => {
      const { right, down, forward } = truths[at]!;
      const found = rowsOf(picture.rotation).map((row) => rotate(similarity.rotation, row));
      const trace = dot(found[0]!, right) + dot(found[1]!, down) + dot(found[2]!, forward);
      return (Math.acos(Math.max(-1, Math.min(1, (trace - 1) / 2))) * 180) / Math.PI;
    }),
  };
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}
