import type { Georeference } from './georeference.ts';
import { rowsOf, type SparseModel } from './model-text.ts';

/**
 * Cameras and poses as JSON, for programs that don't read COLMAP's files: the same axes, x right, y down, z forward; and
 * how the model lies on the earth, where that is known.
 */
export function camerasJson({ cameras, pictures }: SparseModel, earth?: Georeference | undefined): string {
  const document = {
    axes: 'x right, y down, z forward; world to camera: p = R x + t',
    ...(earth ? { earth: { axes: 'metres east, north and up of the origin: q = scale R p + shift', ...earth } } : {}),
    cameras: cameras.map(({ id, model, width, height, params }) => ({ id, model, width, height, params })),
    pictures: pictures.map(({ name, cameraId, rotation, translation, centre, places }) => ({
      name,
      camera: cameraId,
      R: rowsOf(rotation),
      t: translation,
      centre,
      quaternion: rotation,
      points: places.length / 2,
    })),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}
