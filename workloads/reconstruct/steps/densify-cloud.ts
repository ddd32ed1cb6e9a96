import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '#core/artifact';
import { CapacityError } from '#core/errors';
import { defineStep, type StepArtifacts } from '#core/step';
import type { StageRun } from '#photogrammetry/engine';
import { readModel } from '#photogrammetry/model-text';
import { openEngine } from '#photogrammetry/open-engine';
import { readPly, writePly } from '#photogrammetry/ply';
import {
  CLOUD_FILE,
  checkedSchema,
  cloudSchema,
  estimatedSchema,
  type Selected,
  selectedSchema,
  stepParams,
} from '../contract.ts';
import { watchEngine } from '../engine-log.ts';
import { gatherFrames } from '../gather-frames.ts';
import { PRESETS } from '../presets.ts';
import { solidPoints } from '../solid-points.ts';

/** The dense cloud, on a GPU. Without one the sparse cloud goes on, and is called what it is. */
export default defineStep({
  name: 'DensifyCloud',
  revision: 2,
  params: stepParams.DensifyCloud,
  needs: { SelectFrames: selectedSchema, EstimateCameras: estimatedSchema, CheckQuality: checkedSchema },
  output: cloudSchema,
  async run({ params, device, outputOf, artifacts, logger, progress, signal, scratch }) {
    await outputOf('CheckQuality');
    const { artifacts: estimated } = await outputOf('EstimateCameras');
    const { output: selected, artifacts: frames } = await outputOf('SelectFrames');
    const model = await takeModel(estimated, join(scratch, 'model'), artifacts);
    if (!params.dense || device === 'cpu') {
      const cloud = solidPoints(await readModel(model));
      await artifacts.putBytes(CLOUD_FILE, writePly(cloud));
      const degraded = 'no GPU: dense stereo was left out, and the sparse cloud goes on in its place';
      return { kind: 'sparse' as const, points: cloud.count, ...(params.dense ? { degraded } : {}) };
    }
    const run = watchEngine({ logger, signal, progress }, selected.frames.length);
    const cloud = await densify({ model, selected, frames, artifacts, scratch, run, preset: params.preset });
    const { count } = readPly(await readFile(cloud));
    await artifacts.putFile(CLOUD_FILE, cloud, { result: 'dense.ply' });
    return { kind: 'dense' as const, points: count };
  },
});

interface Work {
  model: string;
  selected: Selected;
  frames: Artifact[];
  artifacts: StepArtifacts;
  scratch: string;
  run: StageRun;
  preset: keyof typeof PRESETS;
}

async function densify({ model, selected, frames, artifacts, scratch, run, preset }: Work): Promise<string> {
  const engine = await openEngine();
  // pitfall 44: asked for a GPU, there is no quiet change to the CPU.
  if (!engine.can.gpu) {
    throw new CapacityError(
      `${engine.name} ${engine.version} is built without CUDA, and dense stereo was placed on a GPU. Use the image photogrammetry-gpu.`,
    );
  }
  const pictures = join(scratch, 'frames');
  await gatherFrames(selected, frames, pictures, artifacts);
  const folder = join(scratch, 'dense');
  return engine.densify({ pictures, model, folder, maxSidePixels: PRESETS[preset].denseSidePixels }, run);
}

async function takeModel(files: Artifact[], folder: string, artifacts: StepArtifacts): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const file of files.filter(({ name }) => name.startsWith('colmap/'))) {
    await writeFile(join(folder, file.name.slice('colmap/'.length)), await artifacts.read(file));
  }
  return folder;
}
