import { coarserMesh, type Mesh } from '#photogrammetry/mesh';
import { rowsOf, type SparseModel } from '#photogrammetry/model-text';
import type { PlyModel } from '#photogrammetry/ply';

/** What the viewer shows, as JSON: numbers as base64 of little-endian arrays, in the model's own units. */
export interface SceneData {
  points: { count: number; positions: string; colours: string };
  mesh?: { faces: number; positions: string; colours: string; indexes: string };
  cameras: number;
  /** 14 numbers each: centre, right, down, forward, and half the picture's width and height over the focal length. */
  poses: string;
}

// A page of some megabytes opens at once on a phone; a cloud of millions of points would not.
const MOST_POINTS = 60_000;
const MOST_FACES = 80_000;
const GREY = 190;

export function sceneData(model: SparseModel, cloud: PlyModel, mesh: Mesh | undefined): SceneData {
  const small = mesh && coarserMesh(mesh, MOST_FACES);
  return {
    points: thinned(cloud),
    ...(small && small.faces.length > 0
      ? {
          mesh: {
            faces: small.faces.length / 3,
            positions: encode(small.positions),
            colours: encode(small.colours ?? new Uint8Array(small.positions.length).fill(GREY)),
            indexes: encode(small.faces),
          },
        }
      : {}),
    cameras: model.pictures.length,
    poses: encode(posesOf(model)),
  };
}

/** Every n-th point: evenly, and the same ones each time. */
function thinned({ count, positions, colours }: PlyModel): SceneData['points'] {
  const step = Math.max(1, Math.ceil(count / MOST_POINTS));
  const kept = Math.ceil(count / step);
  const source = (at: number) => 3 * step * Math.floor(at / 3) + (at % 3);
  return {
    count: kept,
    positions: encode(Float32Array.from({ length: 3 * kept }, (_, at) => positions[source(at)]!)),
    colours: encode(Uint8Array.from({ length: 3 * kept }, (_, at) => colours?.[source(at)] ?? GREY)),
  };
}

function posesOf({ cameras, pictures }: SparseModel): Float32Array {
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  const numbers = pictures.flatMap(({ cameraId, rotation, centre }) => {
    const { width, height, params } = byId.get(cameraId)!;
    return [...centre, ...rowsOf(rotation).flat(), width / 2 / params[0]!, height / 2 / params[0]!];
  });
  return Float32Array.from(numbers);
}

function encode(values: Float32Array | Uint8Array | Uint32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}
