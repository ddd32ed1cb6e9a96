import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openInputFile } from '#adapters/local/input-files';
import { probeMedia } from '#media/probe';
import { readModel } from '#photogrammetry/model-text';
import { runColmap } from '#photogrammetry/run-colmap';
import { drawExample, EXAMPLE } from '#workloads/reconstruct/example';
import { orbitViews } from '#workloads/reconstruct/example/orbit';
import { PRESETS } from '#workloads/reconstruct/presets';
import { chooseFrames } from '#workloads/reconstruct/selection/choose-frames';
import { keepChosen } from '#workloads/reconstruct/selection/keep-chosen';
import { lookAtVideo } from '#workloads/reconstruct/selection/look-at-video';
import { medianOf, poseErrors } from '../test/helpers/similarity.ts';
import { stepreel } from '../test/helpers/stepreel.ts';
import { drawClip, ffmpeg, timed } from './measure.ts';

const HELP = `reconstruct beside bare COLMAP: node bench/reconstruct.ts [--select-only]

  select   choosing and writing the frames of one minute of 480p at 30 frames a second; the aim is 3 s
  run      stepreel run reconstruct on the drawn orbit, preset low
  bare     the same COLMAP commands with the same options on the frames that the run chose; the aim is run / bare <= 1.05,
           where run is the time of its three COLMAP steps
  poses    how far the run's cameras are from the true ones, after a similarity alignment`;

const { values } = parseArgs({
  options: { 'select-only': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

if (values.help) console.log(HELP);
else {
  const folder = await mkdtemp(join(tmpdir(), 'stepreel-bench-'));
  try {
    await measureSelection(folder);
    if (!values['select-only']) await measureRun(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureSelection(folder: string): Promise<void> {
  // A window that wanders over a larger picture: everything moves.
  const path = await drawClip(join(folder, 'minute.mp4'), "testsrc2=s=1708x960:r=30,crop=854:480:x='t*14':y='t*8'", 60);
  const source = await openInputFile({ name: 'minute.mp4', uri: path });
  const media = await probeMedia(source).finally(() => source.close());
  const decode = await timed(() => ffmpeg('-i', path, '-map', '0:v:0', '-f', 'null', '-'));
  const { seconds, cpu, result } = await timed(async () => {
    const chosen = join(folder, 'chosen');
    const { candidates } = await lookAtVideo({
      path,
      name: 'minute.mp4',
      media,
      candidatesPerSecond: 6,
      folder: chosen,
    });
    const choice = chooseFrames(candidates, { maxFrames: 300, blurThreshold: 20, stepWidths: 0.04 });
    await keepChosen(candidates, choice, chosen);
    return { candidates: candidates.length, chosen: choice.chosen.length };
  });
  console.log(
    `select: ${seconds.toFixed(2)} s, ${cpu.toFixed(2)} CPU seconds, ${result.chosen} of ${result.candidates} candidates; ` +
      `ffmpeg decoding alone ${decode.seconds.toFixed(2)} s, ${decode.cpu.toFixed(2)} CPU seconds`,
  );
}

async function measureRun(folder: string): Promise<void> {
  const [input] = await drawExample(folder);
  const output = join(folder, 'result');
  const run = await timed(() =>
    stepreel(['run', 'reconstruct', '--input', input!.uri, '--output', output, '--param', 'preset=low', '--json']),
  );
  if (run.result.code !== 0) throw new Error(run.result.stderr);
  const steps = stepSeconds(run.result.documents);
  const bare = await timed(() => bareColmap(join(output, 'frames'), folder));
  const colmapSteps = ['ExtractFeatures', 'MatchFeatures', 'EstimateCameras'];
  const inSteps = colmapSteps.reduce((sum, step) => sum + (steps.get(step) ?? 0), 0);
  console.log(
    `run:    ${run.seconds.toFixed(1)} s, ${run.cpu.toFixed(1)} CPU seconds, of which COLMAP's steps ${inSteps.toFixed(1)} s`,
  );
  console.log(`bare:   ${bare.seconds.toFixed(1)} s, ${bare.cpu.toFixed(1)} CPU seconds`);
  console.log(
    `steps / bare ${(inSteps / bare.seconds).toFixed(2)}, run / bare ${(run.seconds / bare.seconds).toFixed(2)}`,
  );

  const model = await readModel(join(output, 'colmap'));
  const views = orbitViews(EXAMPLE);
  const { positions, degrees } = poseErrors(model, (name) => views[Number(/(\d+)/.exec(name)![1])]!);
  const share = (value: number) => `${((100 * value) / EXAMPLE.radius).toFixed(3)} %`;
  console.log(
    `poses:  ${model.pictures.length} frames placed; position ${share(medianOf(positions))} of the radius in the middle, ${share(Math.max(...positions))} at most; ` +
      `rotation ${medianOf(degrees).toFixed(3)} and ${Math.max(...degrees).toFixed(3)} degrees`,
  );
  const { size } = await stat(join(output, 'report.html'));
  console.log(`report: ${(size / 2 ** 20).toFixed(1)} MiB`);
}

/** The commands as a person would give them, with the options of the preset. */
async function bareColmap(pictures: string, folder: string): Promise<void> {
  const [database, models] = [join(folder, 'bare.db'), join(folder, 'bare')];
  await mkdir(models);
  const { featureSidePixels, maxFeatures, overlap, adjustmentRounds } = PRESETS.low;
  const common = { random_seed: 0, database_path: database };
  const count = (await readdir(pictures)).length;
  await runColmap('feature_extractor', {
    ...{ ...common, image_path: pictures, 'ImageReader.single_camera': 1, 'SiftExtraction.use_gpu': 0 },
    'SiftExtraction.max_image_size': featureSidePixels,
    'SiftExtraction.max_num_features': maxFeatures,
  });
  const matching = { 'SiftMatching.use_gpu': 0, 'SiftMatching.max_num_matches': maxFeatures };
  if (count <= 30) await runColmap('exhaustive_matcher', { ...common, ...matching });
  else await runColmap('sequential_matcher', { ...common, ...matching, 'SequentialMatching.overlap': overlap });
  await runColmap('mapper', {
    ...{ ...common, image_path: pictures, output_path: models },
    'Mapper.ba_global_max_num_iterations': adjustmentRounds,
    'Mapper.min_model_size': 3,
  });
}

/** Seconds from each state's start to its end. */
function stepSeconds(documents: Record<string, unknown>[]): Map<string, number> {
  const entered = new Map<string, number>();
  const seconds = new Map<string, number>();
  for (const { type, state, at } of documents as { type?: string; state?: string; at?: string }[]) {
    if (state === undefined || at === undefined) continue;
    if (String(type).endsWith('StateEntered')) entered.set(state, Date.parse(at));
    if (String(type).endsWith('StateExited')) seconds.set(state, (Date.parse(at) - (entered.get(state) ?? 0)) / 1_000);
  }
  return seconds;
}
