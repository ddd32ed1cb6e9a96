import { coarserMesh, type Mesh } from '#photogrammetry/mesh';
import { rowsOf, type SparseModel } from '#photogrammetry/model-text';
import type { PlyModel } from '#photogrammetry/ply';

/** What the viewer shows, as JSON: numbers as base64 of little-endian arrays, in a box of about 2 around the middle. */
export interface SceneData {
  up: number[];
  points: { count: number; positions: string; colours: string };
  mesh?: { faces: number; positions: string; colours: string; indexes: string };
  /** 18 numbers each: centre, four corners of the picture, and the top of the frustum's roof. */
  cameras: { count: number; positions: string };
}

// A page of some megabytes opens at once on a phone; a cloud of millions of points would not.
const MOST_POINTS = 60_000;
const MOST_FACES = 80_000;

export function sceneData(model: SparseModel, cloud: PlyModel, mesh: Mesh | undefined): SceneData {
  const { middle, reach } = frameOf(cloud, model);
  const place = (value: number, at: number) => (value - middle[at % 3]!) / reach;
  const small = mesh && coarserMesh(mesh, MOST_FACES);
  return {
    up: upOf(model),
    points: thinned(cloud, place),
    ...(small && small.faces.length > 0
      ? {
          mesh: {
            faces: small.faces.length / 3,
            positions: encode(Float32Array.from(small.positions, place)),
            colours: encode(small.colours ?? new Uint8Array(small.positions.length).fill(190)),
            indexes: encode(small.faces),
          },
        }
      : {}),
    cameras: { count: model.pictures.length, positions: encode(frusta(model, place)) },
  };
}

/** Every n-th point: evenly, and the same ones each time. */
function thinned({ count, positions, colours }: PlyModel, place: (value: number, at: number) => number) {
  const step = Math.max(1, Math.ceil(count / MOST_POINTS));
  const kept = Math.ceil(count / step);
  const source = (at: number) => 3 * step * Math.floor(at / 3) + (at % 3);
  return {
    count: kept,
    positions: encode(Float32Array.from({ length: 3 * kept }, (_, at) => place(positions[source(at)]!, at))),
    colours: encode(Uint8Array.from({ length: 3 * kept }, (_, at) => colours?.[source(at)] ?? 190)),
  };
}

/** Medians, because a point that was placed far away must not push the rest into a corner. */
function frameOf({ count, positions }: PlyModel, { pictures }: SparseModel): { middle: number[]; reach: number } {
  const middle = [0, 1, 2].map((axis) => medianOf(Array.from({ length: count }, (_, at) => positions[3 * at + axis]!)));
  const fromMiddle = (centre: readonly number[]) => Math.hypot(...centre.map((value, axis) => value - middle[axis]!));
  const cameras = medianOf(pictures.map(({ centre }) => fromMiddle(centre)));
  return { middle, reach: cameras || 1 };
}

function medianOf(values: number[]): number {
  return values.sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

/** People hold cameras upright: against the mean of what the pictures call down. */
function upOf({ pictures }: SparseModel): number[] {
  const sum = [0, 0, 0];
  for (const { rotation } of pictures) {
    for (const [axis, value] of rowsOf(rotation)[1].entries()) sum[axis]! -= value;
  }
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}

const FRUSTUM_DEPTH = 0.07;

function frusta({ cameras, pictures }: SparseModel, place: (value: number, at: number) => number): Float32Array {
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  const numbers: number[] = [];
  for (const { cameraId, rotation, centre } of pictures) {
    const { width, height, params } = byId.get(cameraId)!;
    const [right, down, forward] = rowsOf(rotation);
    const origin = centre.map(place);
    const [across, along] = [width / 2 / params[0]!, height / 2 / params[0]!];
    const corner = (x: number, y: number) =>
      origin.map((value, axis) => value + FRUSTUM_DEPTH * (forward[axis]! + x * right[axis]! + y * down[axis]!));
    numbers.push(...origin, ...corner(-across, -along), ...corner(across, -along), ...corner(across, along));
    numbers.push(...corner(-across, along), ...corner(0, -1.5 * along));
  }
  return Float32Array.from(numbers);
}

function encode(values: Float32Array | Uint8Array | Uint32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}
