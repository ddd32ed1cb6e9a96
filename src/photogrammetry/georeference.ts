import type { SparseModel } from './model-text.ts';
import { applySimilarity, fitSimilarity, minus, type Similarity, type Vector } from './similarity.ts';

/** Where a picture was taken, as its camera says: degrees, metres. */
export interface Place {
  latitude: number;
  longitude: number;
  altitudeMetres?: number | undefined;
}

interface Origin {
  latitude: number;
  longitude: number;
  altitudeMetres: number;
}

/** How a model lies on the earth. */
export interface Georeference {
  /** Pictures with both a place in the model and one on the earth. */
  pictures: number;
  /** Metres of one unit of the model. */
  metresPerUnit: number;
  /** Distance of a camera to what its GPS said, in the middle of all. */
  medianErrorMetres: number;
  /** How far apart the GPS places are at most: beside it the error tells what the scale is worth. */
  extentMetres: number;
  /** From the model to metres east, north and up of the origin. */
  origin: Origin;
  similarity: Similarity;
}

// Three places make a plane, and a fourth is the first that contradicts; below that any scale fits.
const LEAST_PICTURES = 4;
// WGS 84: semi-major axis in metres, and the square of the first eccentricity.
const AXIS = 6_378_137;
const ECCENTRICITY = 0.00669437999014;

/** Lays a model over the GPS places of its pictures. @returns undefined where too few have one. */
export function georeference(
  { pictures }: SparseModel,
  placeOf: (name: string) => Place | undefined,
): Georeference | undefined {
  const known = pictures.flatMap(({ name, centre }) => {
    const place = placeOf(name);
    return place ? [{ centre: centre as Vector, place }] : [];
  });
  if (known.length < LEAST_PICTURES) return undefined;
  // A missing height is taken for the height of the others: cameras in a hand are about level.
  const heights = known.flatMap(({ place }) => place.altitudeMetres ?? []);
  const level = heights.length > 0 ? heights.reduce((sum, height) => sum + height, 0) / heights.length : 0;
  const [first] = known;
  const origin = { latitude: first!.place.latitude, longitude: first!.place.longitude, altitudeMetres: level };
  const earth = known.map(({ place }) => metresFrom(origin, place));
  const similarity = fitSimilarity(
    known.map(({ centre }) => centre),
    earth,
  );
  const errors = known.map(({ centre }, at) => Math.hypot(...minus(applySimilarity(similarity, centre), earth[at]!)));
  return {
    pictures: known.length,
    metresPerUnit: similarity.scale,
    medianErrorMetres: errors.sort((one, other) => one - other)[errors.length >> 1]!,
    extentMetres: extentOf(earth),
    origin,
    similarity,
  };
}

/** East, north and up of the origin, by the radii of curvature of the ellipsoid there: to a millimetre over a kilometre. */
function metresFrom(origin: Origin, { latitude, longitude, altitudeMetres }: Place): Vector {
  const radians = Math.PI / 180;
  const sine = Math.sin(origin.latitude * radians);
  const bend = 1 - ECCENTRICITY * sine * sine;
  const alongMeridian = (AXIS * (1 - ECCENTRICITY)) / bend ** 1.5;
  const alongParallel = (AXIS / Math.sqrt(bend)) * Math.cos(origin.latitude * radians);
  return [
    (longitude - origin.longitude) * radians * alongParallel,
    (latitude - origin.latitude) * radians * alongMeridian,
    (altitudeMetres ?? origin.altitudeMetres) - origin.altitudeMetres,
  ];
}

function extentOf(places: readonly Vector[]): number {
  const spans = [0, 1, 2].map((axis) => {
    const values = places.map((place) => place[axis]!);
    return Math.max(...values) - Math.min(...values);
  });
  return Math.hypot(...spans);
}
