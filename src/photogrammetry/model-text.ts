import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A model as COLMAP writes it as text: cameras.txt, images.txt, points3D.txt. */
export interface SparseModel {
  cameras: Camera[];
  /** The pictures that have a place, by name. */
  pictures: PosedPicture[];
  points: SparsePoints;
}

export interface Camera {
  id: number;
  model: string;
  width: number;
  height: number;
  params: number[];
}

export interface PosedPicture {
  id: number;
  name: string;
  cameraId: number;
  /** From the world to the camera: w x y z. */
  rotation: [number, number, number, number];
  /** From the world to the camera. */
  translation: [number, number, number];
  /** Where the camera stands in the world. */
  centre: [number, number, number];
  /** x, y in the picture of each feature that belongs to a point. */
  places: Float32Array;
}

/** Points one after another; all arrays are of the same order. */
export interface SparsePoints {
  count: number;
  /** x y z of each. */
  positions: Float64Array;
  /** r g b of each. */
  colours: Uint8Array;
  /** Mean reprojection error in pixels. */
  errors: Float64Array;
  /** Ids of the pictures that see each. */
  seenBy: Int32Array[];
}

export async function readModel(folder: string): Promise<SparseModel> {
  const cameras: Camera[] = [];
  for await (const line of lines(join(folder, 'cameras.txt'))) {
    const [id, model, width, height, ...params] = line.split(' ');
    cameras.push({
      id: Number(id),
      model: model!,
      width: Number(width),
      height: Number(height),
      params: params.map(Number),
    });
  }
  const pictures: PosedPicture[] = [];
  for await (const picture of posedPictures(folder)) pictures.push(picture);
  pictures.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { cameras: cameras.sort((one, other) => one.id - other.id), pictures, points: await readPoints(folder) };
}

/** How many pictures of a model have a place. */
export async function countPictures(folder: string): Promise<number> {
  let count = 0;
  for await (const _ of posedPictures(folder)) count += 1;
  return count;
}

/** Two lines a picture: its pose, then its features as x, y and the point they belong to or -1. */
async function* posedPictures(folder: string): AsyncGenerator<PosedPicture> {
  let pose: string | undefined;
  for await (const line of lines(join(folder, 'images.txt'))) {
    if (pose === undefined) {
      pose = line;
      continue;
    }
    const [id, w, x, y, z, tx, ty, tz, cameraId, ...name] = pose.split(' ');
    const rotation = [w, x, y, z].map(Number) as PosedPicture['rotation'];
    const translation = [tx, ty, tz].map(Number) as PosedPicture['translation'];
    const tokens = line === '' ? [] : line.split(' ');
    const places: number[] = [];
    for (let at = 0; at + 2 < tokens.length; at += 3) {
      if (tokens[at + 2] !== '-1') places.push(Number(tokens[at]), Number(tokens[at + 1]));
    }
    yield {
      id: Number(id),
      name: name.join(' '),
      cameraId: Number(cameraId),
      rotation,
      translation,
      centre: centreOf(rotation, translation),
      places: Float32Array.from(places),
    };
    pose = undefined;
  }
}

async function readPoints(folder: string): Promise<SparsePoints> {
  const rows: { id: number; numbers: number[]; seenBy: Int32Array }[] = [];
  for await (const line of lines(join(folder, 'points3D.txt'))) {
    const numbers = line.split(' ').map(Number);
    const track = numbers.slice(8).filter((_, at) => at % 2 === 0);
    rows.push({ id: numbers[0]!, numbers: numbers.slice(1, 8), seenBy: Int32Array.from(new Set(track)) });
  }
  // COLMAP's order is that of a hash table.
  rows.sort((one, other) => one.id - other.id);
  const count = rows.length;
  const points: SparsePoints = {
    count,
    positions: new Float64Array(3 * count),
    colours: new Uint8Array(3 * count),
    errors: new Float64Array(count),
    seenBy: rows.map(({ seenBy }) => seenBy),
  };
  for (const [at, { numbers }] of rows.entries()) {
    points.positions.set(numbers.slice(0, 3), 3 * at);
    points.colours.set(numbers.slice(3, 6), 3 * at);
    points.errors[at] = numbers[6]!;
  }
  return points;
}

/** -Rᵀ t */
function centreOf(
  rotation: PosedPicture['rotation'],
  [x, y, z]: PosedPicture['translation'],
): [number, number, number] {
  const [right, down, forward] = rowsOf(rotation);
  return [0, 1, 2].map((axis) => -(right[axis]! * x + down[axis]! * y + forward[axis]! * z)) as [
    number,
    number,
    number,
  ];
}

type Vector = [number, number, number];

/** The rows of a rotation matrix: where the camera's right, down and forward point in the world. */
export function rowsOf([w, x, y, z]: PosedPicture['rotation']): [Vector, Vector, Vector] {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

/** Lines without comments. A picture without features has an empty second line, which counts. */
async function* lines(path: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (!line.startsWith('#')) yield line.trimEnd();
  }
}
