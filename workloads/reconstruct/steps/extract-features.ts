import { join } from 'node:path';
import { defineStep } from '#core/step';
import { openEngine } from '#photogrammetry/open-engine';
import { featuresSchema, selectedSchema, stepParams } from '../contract.ts';
import { bytesOf, putDatabase } from '../database-file.ts';
import { watchEngine } from '../engine-log.ts';
import { gatherFrames, gatherMasks } from '../gather-frames.ts';
import { PRESETS } from '../presets.ts';

/** Finds features in the chosen frames. What it leaves is the engine's database, from which matching goes on. */
export default defineStep({
  name: 'ExtractFeatures',
  revision: 1,
  params: stepParams.ExtractFeatures,
  needs: { SelectFrames: selectedSchema },
  output: featuresSchema,
  async run({ params, outputOf, artifacts, logger, progress, signal, scratch }) {
    const { output: selected, artifacts: files } = await outputOf('SelectFrames');
    const engine = await openEngine();
    const pictures = join(scratch, 'frames');
    const names = await gatherFrames(selected, files, pictures, artifacts);
    const masks = await gatherMasks(selected, files, join(scratch, 'masks'), artifacts);
    const { featureSidePixels, maxFeatures, affine } = PRESETS[params.preset];
    const camera = params.cameras === 'auto' ? (selected.mixedSizes ? 'perPicture' : 'single') : params.cameras;
    const database = join(scratch, 'database.db');
    await engine.extractFeatures(
      {
        ...{ database, pictures, names, ...masks, maxFeatures, affine, threads: params.threads },
        ...{ cameras: camera, cameraModel: params.cameraModel, cameraParams: params.cameraParams },
        maxSidePixels: featureSidePixels,
        // This step is placed on CPUs: explicit, since COLMAP would look for a GPU by itself (pitfall 45).
        gpu: false,
      },
      watchEngine({ logger, signal, progress }, names.length),
    );
    const bytes = await bytesOf(database);
    const { name, version } = engine;
    return {
      engine: { name, version },
      camera,
      bytes: { database: bytes, ...(await putDatabase(database, artifacts)) },
    };
  },
});
