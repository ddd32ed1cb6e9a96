import type { SparseModel } from '#photogrammetry/model-text';
import { reconstructParams } from '#workloads/reconstruct/contract';
import { measureQuality } from '#workloads/reconstruct/quality';
import { judgeQuality } from '#workloads/reconstruct/quality-gate';
import type { ReportData } from '#workloads/reconstruct/report/report-data';
import { sceneData } from '#workloads/reconstruct/report/scene-data';

const FRAMES = ['frame_000000.jpg', 'frame_000010.jpg', 'frame_000020.jpg', 'frame_000030.jpg'];
const CORNERS = Array.from({ length: 8 }, (_, at) => [at & 1, (at >> 1) & 1, at >> 2].map((bit) => 2 * bit - 1));
const TRIANGLES = [
  ...[0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6, 0, 1, 4, 1, 5, 4],
  ...[2, 6, 3, 3, 6, 7, 0, 4, 2, 2, 4, 6, 1, 3, 5, 3, 7, 5],
];

/** Four cameras around a red cube, 5 away from its middle, seen in all of them. */
export function aCube(): SparseModel {
  const positions = CORNERS.flat();
  return {
    cameras: [{ id: 1, model: 'SIMPLE_PINHOLE', width: 320, height: 240, params: [240, 160, 120] }],
    pictures: FRAMES.map((name, at) => {
      const half = (at * Math.PI) / 4;
      const angle = 2 * half;
      return {
        ...{ id: at + 1, name, cameraId: 1 },
        // A turn about the y axis; the camera looks along its own z, at the cube.
        rotation: [Math.cos(half), 0, Math.sin(half), 0] as [number, number, number, number],
        translation: [0, 0, 5] as [number, number, number],
        centre: [5 * Math.sin(angle), 0, -5 * Math.cos(angle)] as [number, number, number],
        places: Float32Array.from({ length: 128 }, (_, place) => 20 * (place % 12)),
      };
    }),
    points: {
      count: 8,
      positions: Float64Array.from(positions),
      colours: Uint8Array.from({ length: 24 }, (_, at) => (at % 3 === 0 ? 220 : 30)),
      errors: new Float64Array(8).fill(0.4),
      seenBy: Array.from({ length: 8 }, () => Int32Array.from([1, 2, 3, 4])),
    },
  };
}

/** What a report tells of the cube. */
export function aReport(changes: Partial<ReportData> = {}): ReportData {
  const model = aCube();
  const mesh = {
    positions: Float32Array.from(model.points.positions),
    colours: model.points.colours,
    faces: Uint32Array.from(TRIANGLES),
  };
  const quality = { ...measureQuality(model, FRAMES.length), points: 800 };
  const engine = { name: 'COLMAP', version: '3.8' };
  const estimated = { engine, models: [4], quality, lost: [] };
  const facts = { pictures: 4, medianFeatures: 900, verifiedPairs: 6, medianInliers: 80, connectedPictures: 4 };
  const matched = {
    pairing: 'exhaustive' as const,
    facts: { ...facts, pairsWithoutParallax: 0 },
    bytes: { database: 1000, stored: 200 },
  };
  return {
    title: 'cube.mp4',
    selected: {
      ...{ input: [{ name: 'cube.mp4', sha256: 'ab', bytes: 1 }], kind: 'video', width: 320, height: 240 },
      ...{ mixedSizes: false, candidates: 40, wayWidths: 2, refused: { blurred: 3 }, damaged: 0, unreadable: [] },
      frames: FRAMES.map((file, at) => ({ file, source: 10 * at, seconds: at, sharpness: 100 })),
    },
    features: { engine, camera: 'single', bytes: { database: 1000, stored: 900 } },
    ...{ matched, estimated, checked: judgeQuality(estimated, matched) },
    cloud: { kind: 'sparse', points: 8 },
    meshed: {},
    params: reconstructParams.parse({}),
    missing: [],
    degraded: [],
    scene: sceneData(model, model.points, mesh),
    thumbnails: [],
    ...changes,
  };
}
