import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRefusal } from '#core/errors';
import { defineStep } from '#core/step';
import { writeGlb } from '#photogrammetry/glb';
import { type Mesh, meshStats } from '#photogrammetry/mesh';
import { writeObj } from '#photogrammetry/obj';
import { openEngine } from '#photogrammetry/open-engine';
import { readPly, writePly } from '#photogrammetry/ply';
import { CLOUD_FILE, cloudSchema, MESH_FILE, meshedSchema, stepParams } from '../contract.ts';
import { watchEngine } from '../engine-log.ts';
import { PRESETS } from '../presets.ts';

// Poisson's method fills what it knows nothing of; through a handful of points that is all of the surface.
const LEAST_POINTS = 500;
// Thousands of points can't tell detail of the 512th part of the box: deeper only makes bubbles.
const DEPTH_OF_SPARSE = 7;
const TRIM = { sparse: 4, dense: 7 } as const;

/** A surface through the cloud. Where none can be built the reason goes on in its place. */
export default defineStep({
  name: 'BuildMesh',
  revision: 1,
  params: stepParams.BuildMesh,
  needs: { DensifyCloud: cloudSchema },
  output: meshedSchema,
  async run({ params, outputOf, artifacts, logger, progress, signal, scratch }) {
    const { output: cloud, artifacts: files } = await outputOf('DensifyCloud');
    if (!params.mesh) return {};
    if (cloud.points < LEAST_POINTS) {
      return {
        missing: `the ${cloud.kind} cloud has ${cloud.points} points that can carry a surface; ${LEAST_POINTS} are needed`,
      };
    }
    const engine = await openEngine();
    const points = await artifacts.local(files.find(({ name }) => name === CLOUD_FILE)!);
    const { meshDepth } = PRESETS[params.preset];
    const depth = cloud.kind === 'sparse' ? Math.min(meshDepth, DEPTH_OF_SPARSE) : meshDepth;
    const output = join(scratch, MESH_FILE);
    const request = { points, output, depth, trim: TRIM[cloud.kind], threads: params.threads };
    try {
      await engine.buildSurface(request, watchEngine({ logger, signal, progress }, 1));
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      return { missing: `no surface could be built through the ${cloud.kind} cloud: ${thrown.message}` };
    }
    const mesh = asMesh(readPly(await readFile(output)));
    if (mesh.faces.length === 0) return { missing: `the ${cloud.kind} cloud is too thin for a surface anywhere` };
    const { positions, colours, faces } = mesh;
    const ply = writePly({ count: positions.length / 3, positions, faces, ...(colours ? { colours } : {}) });
    await artifacts.putBytes(MESH_FILE, ply, { result: MESH_FILE });
    await artifacts.putBytes('mesh.obj', writeObj(mesh), { result: 'mesh.obj' });
    await artifacts.putBytes('mesh.glb', await writeGlb(mesh), { result: 'mesh.glb' });
    progress(1, 1);
    return {
      method: `${engine.name} poisson_mesher, depth ${depth}, through the ${cloud.kind} cloud`,
      stats: meshStats(mesh),
    };
  },
});

function asMesh({ positions, colours, faces = new Uint32Array(0) }: ReturnType<typeof readPly>): Mesh {
  return { positions: Float32Array.from(positions), faces, ...(colours ? { colours } : {}) };
}
