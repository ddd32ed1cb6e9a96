import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { defineStep, type StepArtifacts } from '#core/step';
import { jpegOfRgb } from '#media/images';
import { camerasJson } from '#photogrammetry/cameras-json';
import { readModel } from '#photogrammetry/model-text';
import { writePly } from '#photogrammetry/ply';
import * as contract from '#workloads/reconstruct/contract';
import { measureQuality } from '#workloads/reconstruct/quality';
import reconstruct from '#workloads/reconstruct/workload';

const FRAMES = Array.from({ length: 4 }, (_, at) => `frame_${String(10 * at).padStart(6, '0')}.jpg`);
const SIZE = { width: 320, height: 240 };
const FOCAL = 240;
const DISTANCE = 5;
const CORNERS = Array.from({ length: 8 }, (_, at) => [at & 1, (at >> 1) & 1, at >> 2].map((bit) => 2 * bit - 1));
const FACES = [
  ...[0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6, 0, 1, 4, 1, 5, 4],
  ...[2, 6, 3, 3, 6, 7, 0, 4, 2, 2, 4, 6, 1, 3, 5, 3, 7, 5],
];
const ENGINE = { name: 'drawn', version: '1' };
const MATCHED: contract.Matched = {
  pairing: 'exhaustive',
  facts: {
    ...{ pictures: 4, medianFeatures: 900, verifiedPairs: 6, medianInliers: 80 },
    ...{ pairsWithoutParallax: 0, connectedPictures: 4 },
  },
  bytes: { database: 1000, stored: 200 },
};

/**
 * The workload with steps that draw what COLMAP would find: a cube, and four cameras around it. Its last step, which writes
 * the result, is the real one.
 */
export const drawnReconstruction: typeof reconstruct = { ...reconstruct, steps: drawnSteps() };

/** The names of its steps whose verdicts the last one reads, and the last one. */
export const DRAWN_STEPS = [
  ...['SelectFrames', 'ExtractFeatures', 'MatchFeatures', 'EstimateCameras', 'CheckQuality', 'DensifyCloud'],
  ...['BuildMesh', 'WriteReport'],
];

function drawnSteps(): typeof reconstruct.steps {
  const steps = { ...reconstruct.steps };
  const draw = <Output>(name: string, output: z.ZodType<Output>, run: (files: Files) => Promise<Output>) => {
    const step = defineStep({ name, revision: 1, params: z.object({}), needs: {}, output, run });
    // biome-ignore lint/suspicious/noExplicitAny: a placed step is loaded as one of any output.
    steps[name] = { ...steps[name]!, load: async () => ({ default: step as any }) };
  };
  draw('SelectFrames', contract.selectedSchema, selectFrames);
  draw('ExtractFeatures', contract.featuresSchema, async () => ({
    ...{ engine: ENGINE, camera: 'single', bytes: { database: 1000, stored: 900 } },
  }));
  draw('MatchFeatures', contract.matchedSchema, async () => MATCHED);
  draw('EstimateCameras', contract.estimatedSchema, estimateCameras);
  draw('CheckQuality', contract.checkedSchema, async () => ({ verdict: 'pass' as const, checks: [] }));
  draw('DensifyCloud', contract.cloudSchema, async ({ artifacts }) => {
    await artifacts.putBytes(contract.CLOUD_FILE, writePly(cube()));
    return { kind: 'sparse', points: CORNERS.length };
  });
  draw('BuildMesh', contract.meshedSchema, async ({ artifacts }) => {
    const mesh = writePly({ ...cube(), faces: Uint32Array.from(FACES) });
    await artifacts.putBytes(contract.MESH_FILE, mesh, { result: contract.MESH_FILE });
    return { method: 'drawn' };
  });
  return steps;
}

interface Files {
  artifacts: StepArtifacts;
  scratch: string;
}

async function selectFrames({ artifacts }: Files): Promise<contract.Selected> {
  for (const [at, name] of FRAMES.entries()) {
    const grey = new Uint8Array(SIZE.width * SIZE.height * 3).fill(60 + 40 * at);
    await artifacts.putBytes(`frames/${name}`, await jpegOfRgb(grey, SIZE), { result: `frames/${name}` });
  }
  return {
    ...{ input: [{ name: 'cube.mp4', sha256: 'ab', bytes: 1 }], kind: 'video', ...SIZE, mixedSizes: false },
    ...{ candidates: 40, wayWidths: 2, refused: { blurred: 3 }, damaged: 0, unreadable: [] },
    frames: FRAMES.map((file, at) => ({ file, source: 10 * at, seconds: at, sharpness: 100 })),
  };
}

/** As COLMAP writes a model: each picture a turn about the y axis further, looking along its own z at the cube. */
async function estimateCameras({ artifacts, scratch }: Files): Promise<contract.Estimated> {
  const picture = (name: string, at: number) => {
    const half = (at * Math.PI) / 4;
    const features = CORNERS.map((_, corner) => `${40 * corner + 10} ${30 * corner + 10} ${corner + 1}`);
    const pose = [at + 1, Math.cos(half), 0, Math.sin(half), 0, 0, 0, DISTANCE, 1, name];
    return `${pose.join(' ')}\n${features.join(' ')}`;
  };
  const seenBy = FRAMES.map((_, at) => `${at + 1} 0`).join(' ');
  const documents = {
    'cameras.txt': `1 SIMPLE_PINHOLE ${SIZE.width} ${SIZE.height} ${FOCAL} ${SIZE.width / 2} ${SIZE.height / 2}\n`,
    'images.txt': `${FRAMES.map(picture).join('\n')}\n`,
    'points3D.txt': `${CORNERS.map((place, at) => `${at + 1} ${place.join(' ')} 220 30 30 0.4 ${seenBy}`).join('\n')}\n`,
  };
  const folder = join(scratch, 'drawn');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(documents)) {
    await writeFile(join(folder, name), text);
    await artifacts.putBytes(`colmap/${name}`, text, { result: `colmap/${name}` });
  }
  const model = await readModel(folder);
  await artifacts.putBytes('cameras.json', camerasJson(model), { result: 'cameras.json' });
  await artifacts.putBytes('sparse.ply', writePly(model.points), { result: 'sparse.ply' });
  return { engine: ENGINE, models: [FRAMES.length], quality: measureQuality(model, FRAMES.length), lost: [] };
}

function cube() {
  return {
    count: CORNERS.length,
    positions: Float32Array.from(CORNERS.flat()),
    colours: Uint8Array.from({ length: 3 * CORNERS.length }, (_, at) => (at % 3 === 0 ? 220 : 30)),
  };
}
