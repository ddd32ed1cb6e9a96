import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JobInput } from '#core/job';
import { jpegOfRgb } from '#media/images';
import { renderView } from '#workloads/reconstruct/example/scene';
import { PRESETS } from '#workloads/reconstruct/presets';
import workload from '#workloads/reconstruct/workload';
import { SMALL, smallOrbit } from '../../helpers/example-clips.ts';
import { testFolder } from '../../helpers/folder.ts';
import { openRun } from '../../helpers/run-steps.ts';
import { scriptedColmap } from '../../helpers/scripted-colmap.ts';

afterEach(() => vi.unstubAllEnvs());

const { width, height } = SMALL;
const STEPS = Object.keys(workload.steps);
const UP_TO = (step: string) => STEPS.slice(0, STEPS.indexOf(step) + 1);

/** Drawn once: eight views of the table. */
const jpegs = Promise.all(
  smallOrbit()
    .slice(0, 8)
    .map((view) => jpegOfRgb(renderView(view, width, height), SMALL)),
);

async function given({ cuda = true, failing = '' } = {}) {
  const folder = await testFolder();
  const input: JobInput[] = [];
  for (const [at, jpeg] of (await jpegs).entries()) {
    const uri = join(folder, `${at}.jpg`);
    await writeFile(uri, jpeg);
    input.push({ name: `${at}.jpg`, uri });
  }
  const colmap = await scriptedColmap(folder, {
    pictures: input.map(({ name }, at) => `000${at}_${name}`),
    cuda,
    failing,
  });
  vi.stubEnv('STEPREEL_COLMAP', colmap.path);
  const open = (params: Record<string, unknown> = {}) =>
    openRun(workload, {
      ...{ folder, input, params: { blurThreshold: 0, preset: 'low', ...params } },
      devices: { DensifyCloud: 'gpu' },
    });
  const run = async (steps: string[], params: Record<string, unknown> = {}) =>
    (await (await open(params)).go(steps)) as unknown as Record<string, Ended>;
  return { open, run, colmap };
}

interface Ended {
  output: Record<string, unknown>;
  artifacts: { name: string }[];
}

it('a stage that was killed is taken up from the database of the one before, and no other runs again', async () => {
  const folder = await testFolder();
  const once = `if [ "$1" = mapper ] && [ ! -e '${folder}/killed' ]; then : > '${folder}/killed'; kill -KILL $$; fi`;
  const { open, colmap } = await given({ failing: once });
  const { go } = await open();
  await expect(go(UP_TO('EstimateCameras'))).rejects.toMatchObject({ name: 'TransientError' });
  const { EstimateCameras } = await go(UP_TO('EstimateCameras'));
  expect(EstimateCameras).toMatchObject({ status: 'succeeded', output: { models: [8], lost: [] } });
  expect((await colmap.commands()).map(({ command }) => command)).toEqual([
    ...['feature_extractor', 'exhaustive_matcher', 'mapper', 'mapper', 'model_converter'],
  ]);
});

describe('the commands of a whole job, by a program in the place of COLMAP that writes them down', () => {
  it('on a GPU: undistort, stereo by the size of the preset and in bounded memory, fusion, surface through the dense cloud', async () => {
    const { run, colmap } = await given();
    const { DensifyCloud, BuildMesh, WriteReport } = await run(STEPS);
    expect(DensifyCloud!.output).toEqual({ kind: 'dense', points: 576 });
    expect(BuildMesh!.output).toMatchObject({ method: 'COLMAP poisson_mesher, depth 8, through the dense cloud' });
    expect(WriteReport!.output).toMatchObject({ outcome: 'complete', degraded: [] });
    expect(DensifyCloud!.artifacts.map(({ name }) => name)).toEqual(['cloud.ply']);

    const commands = await colmap.commands();
    expect(commands.map(({ command }) => command)).toEqual([
      ...['feature_extractor', 'exhaustive_matcher', 'mapper', 'model_converter'],
      ...['image_undistorter', 'patch_match_stereo', 'stereo_fusion', 'poisson_mesher'],
    ]);
    const argsOf = (name: string) => commands.find(({ command }) => command === name)!.args;
    const size = String(PRESETS.low.denseSidePixels);
    expect(argsOf('image_undistorter').max_image_size).toBe(size);
    expect(argsOf('patch_match_stereo')).toMatchObject({
      workspace_path: argsOf('image_undistorter').output_path,
      workspace_format: 'COLMAP',
      'PatchMatchStereo.max_image_size': size,
      'PatchMatchStereo.geom_consistency': '1',
      'PatchMatchStereo.gpu_index': '-1',
      'PatchMatchStereo.cache_size': '6',
    });
    expect(argsOf('stereo_fusion')).toMatchObject({ input_type: 'geometric', 'StereoFusion.cache_size': '6' });
    expect(argsOf('poisson_mesher')).toMatchObject({ 'PoissonMeshing.depth': '8', 'PoissonMeshing.trim': '7' });
  });

  it.each([
    { preset: 'low', side: '1600', features: '4096', affine: '0', rounds: '20' },
    { preset: 'medium', side: '2400', features: '8192', affine: '0', rounds: '50' },
    { preset: 'high', side: '3200', features: '12288', affine: '1', rounds: '100' },
  ])(
    '$preset is one row of the table, and never a GPU where none was placed',
    async ({ preset, side, features, affine, rounds }) => {
      const { run, colmap } = await given();
      await run(UP_TO('EstimateCameras'), { preset });
      const [extract, match, map] = await colmap.commands();
      expect(extract!.args).toMatchObject({
        'SiftExtraction.max_image_size': side,
        'SiftExtraction.max_num_features': features,
        'SiftExtraction.estimate_affine_shape': affine,
        'SiftExtraction.domain_size_pooling': affine,
        'SiftExtraction.use_gpu': '0',
        'ImageReader.single_camera': '1',
      });
      expect(match!.args).toMatchObject({ 'SiftMatching.max_num_matches': features, 'SiftMatching.use_gpu': '0' });
      expect(map!.args).toMatchObject({ 'Mapper.ba_global_max_num_iterations': rounds, random_seed: '0' });
    },
  );

  it('known intrinsics of a lens go to the engine as they are', async () => {
    const { run, colmap } = await given();
    await run(UP_TO('ExtractFeatures'), { cameraModel: 'PINHOLE', cameraParams: [240, 241, 160, 120] });
    const [extract] = await colmap.commands();
    expect(extract!.args).toMatchObject({
      'ImageReader.camera_model': 'PINHOLE',
      'ImageReader.camera_params': '240,241,160,120',
    });
  });
});

describe('placed on a GPU that is not there', () => {
  it('a COLMAP without CUDA asks for another place before anything is computed', async () => {
    const { run, colmap } = await given({ cuda: false });
    await expect(run(UP_TO('DensifyCloud'))).rejects.toMatchObject({
      name: 'CapacityError',
      message: expect.stringContaining('photogrammetry-gpu'),
    });
    expect((await colmap.commands()).map(({ command }) => command)).not.toContain('image_undistorter');
  });

  it('so does one whose machine has no GPU; the state machine then goes on with the twin on the CPU', async () => {
    const none =
      'if [ "$1" = patch_match_stereo ]; then echo "CUDA error: no CUDA-capable device is detected"; exit 1; fi';
    const { run } = await given({ failing: none });
    await expect(run(UP_TO('DensifyCloud'))).rejects.toMatchObject({ name: 'CapacityError' });
  });

  it('one without enough memory is a matter of size', async () => {
    const full = 'if [ "$1" = patch_match_stereo ]; then echo "CUDA error at x.cu:12 - out of memory"; exit 1; fi';
    const { run } = await given({ failing: full });
    await expect(run(UP_TO('DensifyCloud'))).rejects.toMatchObject({
      name: 'TransientError',
      message: expect.stringContaining('out-of-memory'),
    });
  });
});
