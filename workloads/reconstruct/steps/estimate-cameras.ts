import { join } from 'node:path';
import { defineStep } from '#core/step';
import { camerasJson } from '#photogrammetry/cameras-json';
import { type Georeference, georeference } from '#photogrammetry/georeference';
import { readModel } from '#photogrammetry/model-text';
import { openEngine } from '#photogrammetry/open-engine';
import { writePly } from '#photogrammetry/ply';
import { estimatedSchema, matchedSchema, selectedSchema, stepParams } from '../contract.ts';
import { takeDatabase } from '../database-file.ts';
import { watchEngine } from '../engine-log.ts';
import { gatherFrames } from '../gather-frames.ts';
import { PRESETS } from '../presets.ts';
import { measureQuality } from '../quality.ts';

// Two pictures make a model for an engine; three is the least whose places confirm each other.
const LEAST_MODEL = 3;

/** Finds where the frames were taken and the points they share. The largest model is kept, the others are reported. */
export default defineStep({
  name: 'EstimateCameras',
  revision: 2,
  params: stepParams.EstimateCameras,
  needs: { SelectFrames: selectedSchema, MatchFeatures: matchedSchema },
  output: estimatedSchema,
  async run({ params, outputOf, artifacts, logger, progress, signal, scratch }) {
    const { output: selected, artifacts: frames } = await outputOf('SelectFrames');
    const { artifacts: matched } = await outputOf('MatchFeatures');
    const engine = await openEngine();
    const [pictures, database] = [join(scratch, 'frames'), join(scratch, 'database.db')];
    const names = await gatherFrames(selected, frames, pictures, artifacts);
    await takeDatabase(matched, database, artifacts);

    const folders = await engine.mapCameras(
      {
        ...{ database, pictures, folder: join(scratch, 'models'), threads: params.threads, minPictures: LEAST_MODEL },
        adjustmentRounds: PRESETS[params.preset].adjustmentRounds,
      },
      watchEngine({ logger, signal, progress }, names.length),
    );
    const used = { name: engine.name, version: engine.version };
    const [folder, ...others] = folders;
    if (folder === undefined) return { engine: used, models: [], lost: names };

    const model = await readModel(folder);
    const places = new Map(selected.frames.map(({ file, gps }) => [file, gps]));
    const earth = georeference(model, (name) => places.get(name));
    for (const file of ['cameras.txt', 'images.txt', 'points3D.txt']) {
      await artifacts.putFile(`colmap/${file}`, join(folder, file), { result: `colmap/${file}` });
    }
    await artifacts.putBytes('cameras.json', camerasJson(model, earth), { result: 'cameras.json' });
    await artifacts.putBytes('sparse.ply', writePly(model.points), { result: 'sparse.ply' });
    const placed = new Set(model.pictures.map(({ name }) => name));
    const models = [model.pictures.length];
    for (const other of others) models.push((await readModel(other)).pictures.length);
    return {
      engine: used,
      models,
      quality: measureQuality(model, names.length),
      ...(earth ? { earth: withoutSimilarity(earth) } : {}),
      lost: names.filter((name) => !placed.has(name)),
    };
  },
});

function withoutSimilarity({ similarity: _, ...told }: Georeference) {
  return told;
}
