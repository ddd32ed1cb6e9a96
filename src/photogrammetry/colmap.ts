import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  DensifyRequest,
  FeatureRequest,
  MapRequest,
  MatchRequest,
  Pairing,
  PhotogrammetryEngine,
  StageRun,
  SurfaceRequest,
} from './engine.ts';
import { locateColmap } from './locate-colmap.ts';
import { countPictures } from './model-text.ts';
import { type ColmapOptions, colmapFailure, runColmap } from './run-colmap.ts';

// Everything that COLMAP draws by lot is drawn from here.
const SEED = 0;
// Depth maps that dense stereo and fusion hold at a time. COLMAP's own 32 GiB is twice what the step is given.
const DENSE_CACHE_GIB = 6;

/** COLMAP behind the port. @throws ToolError where there is none. */
export async function openColmap(): Promise<PhotogrammetryEngine> {
  const { version, cuda } = await locateColmap();
  return {
    name: 'COLMAP',
    version,
    can: { gpu: cuda },
    extractFeatures,
    matchFeatures,
    mapCameras,
    densify,
    buildSurface,
  };
}

async function extractFeatures(request: FeatureRequest, run: StageRun): Promise<void> {
  const { database, pictures, names, cameras, affine, masks, cameraMask, cameraParams } = request;
  const list = `${database}.pictures.txt`;
  await writeFile(list, `${names.join('\n')}\n`);
  const options = {
    random_seed: SEED,
    database_path: database,
    image_path: pictures,
    image_list_path: list,
    'ImageReader.mask_path': masks,
    'ImageReader.camera_mask_path': cameraMask,
    'ImageReader.camera_model': request.cameraModel,
    'ImageReader.camera_params': cameraParams?.join(','),
    'ImageReader.single_camera': cameras === 'single',
    'ImageReader.single_camera_per_image': cameras === 'perPicture',
    'SiftExtraction.max_image_size': request.maxSidePixels,
    'SiftExtraction.max_num_features': request.maxFeatures,
    'SiftExtraction.estimate_affine_shape': affine,
    'SiftExtraction.domain_size_pooling': affine,
    'SiftExtraction.num_threads': threadsOf(request),
    'SiftExtraction.use_gpu': request.gpu,
  };
  await complete('feature_extractor', options, watched(run, /Processed file \[(\d+)\/(\d+)\]/));
}

async function matchFeatures(request: MatchRequest, run: StageRun): Promise<void> {
  const { command, options, marks } = pairingOf(request.pairing);
  const all = {
    random_seed: SEED,
    database_path: request.database,
    ...options,
    'SiftMatching.max_num_matches': request.maxMatches,
    'SiftMatching.num_threads': threadsOf(request),
    'SiftMatching.use_gpu': request.gpu,
  };
  await complete(command, all, watched(run, marks));
}

function pairingOf(pairing: Pairing): { command: string; options: ColmapOptions; marks: RegExp } {
  switch (pairing.kind) {
    case 'sequential':
      return {
        command: 'sequential_matcher',
        // Quadratic overlap adds the pictures 2, 4, 8, … further on, so that an orbit can close.
        options: { 'SequentialMatching.overlap': pairing.overlap, 'SequentialMatching.quadratic_overlap': 1 },
        marks: /Matching image \[(\d+)\/(\d+)\]/,
      };
    case 'exhaustive':
      return {
        command: 'exhaustive_matcher',
        options: {},
        marks: /Matching block \[(\d+)\/(\d+), (\d+)\/(\d+)\]/,
      };
    case 'vocabularyTree':
      return {
        command: 'vocab_tree_matcher',
        options: {
          'VocabTreeMatching.vocab_tree_path': pairing.tree,
          'VocabTreeMatching.num_images': pairing.neighbours,
        },
        marks: /Matching image \[(\d+)\/(\d+)\]/,
      };
  }
}

async function mapCameras(request: MapRequest, run: StageRun): Promise<string[]> {
  const { folder } = request;
  // What an interrupted mapper left is no model: it begins anew, from features and matches that are there.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const options = {
    random_seed: SEED,
    database_path: request.database,
    image_path: request.pictures,
    output_path: folder,
    'Mapper.min_model_size': request.minPictures,
    'Mapper.ba_global_max_num_iterations': request.adjustmentRounds,
    'Mapper.num_threads': threadsOf(request),
  };
  const end = await runColmap('mapper', options, counting(run, /Registering image #\d+ \((\d+)\)/));
  // No model at all is an answer about the pictures, which the caller explains; anything else went wrong.
  const none = /failed to create sparse model|No good initial image pair found/i;
  if (end.exitCode !== 0 && !end.tail.some((line) => none.test(line))) throw colmapFailure('mapper', end);
  const found = (await readdir(folder)).filter((name) => existsSync(join(folder, name, 'images.bin')));
  const models = [];
  for (const name of found.sort((one, other) => Number(one) - Number(other))) {
    const model = join(folder, name);
    await complete('model_converter', { input_path: model, output_path: model, output_type: 'TXT' }, run);
    models.push({ model, pictures: await countPictures(model) });
  }
  return models.sort((one, other) => other.pictures - one.pictures).map(({ model }) => model);
}

async function densify(request: DensifyRequest, run: StageRun): Promise<string> {
  const { folder, model, pictures, maxSidePixels } = request;
  const cloud = join(folder, 'fused.ply');
  await mkdir(folder, { recursive: true });
  const undistort = { image_path: pictures, input_path: model, output_path: folder, max_image_size: maxSidePixels };
  await complete('image_undistorter', undistort, watched(part(run, 0, 2), /Undistorting image \[(\d+)\/(\d+)\]/));
  const workspace = { workspace_path: folder, workspace_format: 'COLMAP' };
  const stereo = {
    ...workspace,
    'PatchMatchStereo.max_image_size': maxSidePixels,
    'PatchMatchStereo.geom_consistency': true,
    'PatchMatchStereo.gpu_index': '-1',
    'PatchMatchStereo.cache_size': DENSE_CACHE_GIB,
  };
  await complete('patch_match_stereo', stereo, twice(part(run, 2, 90), /Processing view (\d+) \/ (\d+)/));
  const fusion = {
    ...{ ...workspace, input_type: 'geometric', output_path: cloud },
    'StereoFusion.max_image_size': maxSidePixels,
    'StereoFusion.use_cache': true,
    'StereoFusion.cache_size': DENSE_CACHE_GIB,
  };
  await complete('stereo_fusion', fusion, watched(part(run, 90, 100), /Fusing image \[(\d+)\/(\d+)\]/));
  return cloud;
}

async function buildSurface(request: SurfaceRequest, run: StageRun): Promise<string> {
  const options = {
    input_path: request.points,
    output_path: request.output,
    'PoissonMeshing.depth': request.depth,
    'PoissonMeshing.trim': request.trim,
    'PoissonMeshing.num_threads': threadsOf(request),
  };
  await complete('poisson_mesher', options, run);
  return request.output;
}

async function complete(command: string, options: ColmapOptions, run: StageRun): Promise<void> {
  const end = await runColmap(command, options, run);
  if (end.exitCode !== 0) throw colmapFailure(command, end);
}

/** For COLMAP -1 is "all cores". */
function threadsOf({ threads }: { threads: number }): number {
  return threads === 0 ? -1 : threads;
}

/** Reads `[3/40]` and `[2/6, 1/6]` from the lines. */
function watched(run: StageRun, marks: RegExp): StageRun {
  return onMarks(run, marks, ([a, b, c, d]) => {
    if (c === undefined || d === undefined) run.onProgress?.(a!, b!);
    else run.onProgress?.((a! - 1) * d + c, b! * d);
  });
}

/** Reads how many pictures are registered; how many will be, nobody knows before. */
function counting(run: StageRun, marks: RegExp): StageRun {
  return onMarks(run, marks, ([registered]) => run.onProgress?.(registered!, 0));
}

/** A stage as a part of all, from one percentage to another: stereo is nearly all of a dense cloud's time. */
function part(run: StageRun, from: number, to: number): StageRun {
  return {
    ...run,
    onProgress: (done, total) => run.onProgress?.(Math.floor(from + ((to - from) * done) / (total || 1)), 100),
  };
}

/** Every view is worked on once for its pictures and once for the depth of its neighbours, counted from 1 each time. */
function twice(run: StageRun, marks: RegExp): StageRun {
  let [before, rounds] = [0, 0];
  return onMarks(run, marks, ([view, views]) => {
    if (view! < before) rounds = 1;
    before = view!;
    run.onProgress?.(rounds * views! + view!, 2 * views!);
  });
}

function onMarks(run: StageRun, marks: RegExp, tell: (numbers: number[]) => void): StageRun {
  return {
    ...run,
    onLine(line) {
      run.onLine?.(line);
      const found = marks.exec(line);
      if (found) tell(found.slice(1).map(Number));
    },
  };
}
