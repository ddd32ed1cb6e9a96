import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { locateColmap } from '#photogrammetry/locate-colmap';
import { readModel } from '#photogrammetry/model-text';
import type { Estimated } from '#workloads/reconstruct/contract';
import workload from '#workloads/reconstruct/workload';
import { clipOf, SMALL, smallOrbit } from '../../helpers/example-clips.ts';
import { testFolder } from '../../helpers/folder.ts';
import { runSteps } from '../../helpers/run-steps.ts';
import { medianOf, poseErrors } from '../../helpers/similarity.ts';

const colmap = await locateColmap().catch(() => undefined);
const TO_THE_GATE = [
  'ValidateInput',
  'SelectFrames',
  'ExtractFeatures',
  'MatchFeatures',
  'EstimateCameras',
  'CheckQuality',
];
const params = { preset: 'low', matching: 'sequential', stepWidths: 0.01 };

describe.skipIf(!colmap)('a drawn walk around a table, with COLMAP', () => {
  let run: Awaited<ReturnType<typeof runSteps>>;
  let folder: string;
  beforeAll(async () => {
    folder = await testFolder();
    const input = [await clipOf(smallOrbit(), folder)];
    run = await runSteps(workload, [...TO_THE_GATE, 'DensifyCloud', 'BuildMesh', 'WriteReport'], {
      folder,
      input,
      params,
    });
  }, 600_000);

  const outputOf = (step: string) => (run.verdicts[step] as unknown as { output: Record<string, unknown> }).output;
  const filesOf = (step: string) =>
    (run.verdicts[step] as unknown as { artifacts: { name: string; key: string }[] }).artifacts;

  it('gives every frame its place: within 1 % of the radius and half a degree in the middle of all', async () => {
    const { quality, lost, models } = outputOf('EstimateCameras') as unknown as Estimated;
    expect(lost).toEqual([]);
    expect(models).toHaveLength(1);
    expect(quality!.registered).toBe(quality!.frames);
    const model = join(folder, 'model');
    await mkdir(model);
    for (const { name, key } of filesOf('EstimateCameras').filter((file) => file.name.startsWith('colmap/'))) {
      await writeFile(join(model, name.slice('colmap/'.length)), await run.artifacts.read(key));
    }
    const views = smallOrbit();
    const { positions, degrees } = poseErrors(await readModel(model), (name) => views[Number(/(\d+)/.exec(name)![1])]!);
    expect(positions.length).toBeGreaterThanOrEqual(20);
    expect(medianOf(positions) / SMALL.radius).toBeLessThan(0.01);
    expect(medianOf(degrees)).toBeLessThan(0.5);
  });

  it('passes the gate, goes on sparse and says so, and has a mesh in three formats', () => {
    expect(outputOf('CheckQuality')).toMatchObject({ verdict: 'pass' });
    expect(outputOf('DensifyCloud')).toMatchObject({ kind: 'sparse', degraded: expect.stringContaining('no GPU') });
    const meshed = outputOf('BuildMesh') as { method: string; stats: { faces: number } };
    expect(meshed.method).toMatch(/poisson_mesher.*sparse cloud/);
    expect(meshed.stats.faces).toBeGreaterThan(500);
    expect(filesOf('BuildMesh').map(({ name }) => name)).toEqual(['mesh.glb', 'mesh.obj', 'mesh.ply']);
    expect(outputOf('WriteReport')).toMatchObject({ outcome: 'complete', degraded: [{ step: 'DensifyCloud' }] });
  });

  it('saves 70 % of what the database takes after matching', () => {
    const { bytes } = outputOf('MatchFeatures') as { bytes: { database: number; stored: number } };
    expect(1 - bytes.stored / bytes.database).toBeGreaterThan(0.7);
  });

  it('shows the model in one page without addresses', async () => {
    const key = filesOf('WriteReport').find(({ name }) => name === 'report.html')!.key;
    const report = Buffer.from(await run.artifacts.read(key)).toString();
    expect(report).toContain('id="view"');
    expect(report).not.toMatch(/https?:\/\/|src="(?!data:)/);
  });
});
