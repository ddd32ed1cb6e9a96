/**
 * Detection on picture files against a bare loop of ONNX Runtime on a ready tensor:
 *   node bench/detect.ts [MODEL FOLDER] [--images FOLDER] [--count 200] [--rounds 5]
 * Without --images it draws 720p pictures.
 *
 * Both use all cores, and other programs slow the bare loop more: its threads wait for each other. So the processor time
 * of one core is told as well, of the model alone and of the whole way from a file to boxes.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_MAX_DETECTIONS } from '#inference/detection/detection-rule';
import { type ImageFile, openDetector } from '#inference/detection/detector';
import { openImageDetector } from '#inference/detection/image-detector';
import { loadModel } from '#inference/models';
import { openSession } from '#inference/session';
import { ffmpeg, median } from './measure.ts';

export interface DetectBench {
  /** Images a second, each the median of the rounds. */
  bareFps: number;
  detectorFps: number;
  /** The median of each round's detector by bare. */
  ratio: number;
  /** Milliseconds of processor time an image, on one core: likewise medians. */
  modelCpuMs: number;
  detectorCpuMs: number;
  cpuRatio: number;
}

export interface DetectBenchOptions {
  model: string;
  images: readonly ImageFile[];
  rounds: number;
}

/**
 * Measures both side by side, round by round, so that whatever else the machine does falls on both. The bare loop is
 * one session over all cores: decoding, resizing, normalising and suppression are on the detector's account only.
 */
export async function benchDetect({ model, images, rounds }: DetectBenchOptions): Promise<DetectBench> {
  const bare = await openBareLoop(model);
  const detector = await openDetector({ folder: model });
  const detect = async () => {
    for await (const _ of detector.detect(images, { confidence: 0.25, iou: 0.45 }));
  };
  await bare.run(10);
  await detect();

  const measured: { bareFps: number; detectorFps: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bareFps = images.length / (await secondsOf(() => bare.run(images.length)));
    const detectorFps = images.length / (await secondsOf(detect));
    measured.push({ bareFps, detectorFps });
  }
  await Promise.all([bare.close(), detector.close()]);
  return {
    ...(await benchOneCore({ model, images, rounds })),
    bareFps: median(measured.map(({ bareFps }) => bareFps)),
    detectorFps: median(measured.map(({ detectorFps }) => detectorFps)),
    ratio: median(measured.map(({ bareFps, detectorFps }) => detectorFps / bareFps)),
  };
}

async function benchOneCore({ model, images, rounds }: DetectBenchOptions) {
  const bare = await openBareLoop(model, 1);
  const detector = await openImageDetector(await loadModel(model), { device: 'cpu', threads: 1 });
  const rule = { confidence: 0.25, iou: 0.45, maxDetections: DEFAULT_MAX_DETECTIONS };
  const detect = async () => {
    for (const { path } of images) await detector.detect(path, rule);
  };
  await bare.run(10);
  await detect();

  const measured: { model: number; detector: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const modelMs = (await cpuMsOf(() => bare.run(images.length))) / images.length;
    const detectorMs = (await cpuMsOf(detect)) / images.length;
    measured.push({ model: modelMs, detector: detectorMs });
  }
  await Promise.all([bare.close(), detector.close()]);
  return {
    modelCpuMs: median(measured.map(({ model }) => model)),
    detectorCpuMs: median(measured.map(({ detector }) => detector)),
    cpuRatio: median(measured.map(({ model, detector }) => model / detector)),
  };
}

/** One session, over all cores by default, fed with one ready tensor again and again. */
export async function openBareLoop(folder: string, threads = availableParallelism()) {
  const { input, weightsPath } = await loadModel(folder);
  const session = await openSession(weightsPath, { device: 'cpu', threads });
  const shape = session.inputs[0]!.shape.map(Number);
  const feeds = { [input.name]: { data: new Float32Array(3 * input.width * input.height).fill(0.5), shape } };
  const outputs = session.outputs.map(({ name }) => name);
  return {
    async run(count: number) {
      for (let at = 0; at < count; at += 1) await session.run(feeds, outputs);
    },
    close: () => session.release(),
  };
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function cpuMsOf(work: () => Promise<void>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** 720p pictures with about as many bytes as a camera's: a test pattern under sensor noise, ffmpeg's quality 3. */
async function drawImages(folder: string, count: number): Promise<void> {
  const source = `testsrc2=size=1280x720:rate=10:duration=${count / 10},noise=alls=4:allf=t`;
  await ffmpeg('-f', 'lavfi', '-i', source, '-q:v', '3', join(folder, '%05d.jpg'));
}

async function imagesIn(folder: string, count: number): Promise<ImageFile[]> {
  const files = (await readdir(folder)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
  return files.slice(0, count).map((name) => ({ id: name, path: join(folder, name) }));
}

if (import.meta.main) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      images: { type: 'string' },
      count: { type: 'string', default: '200' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const count = Number(values.count);
  const drawn = await mkdtemp(join(tmpdir(), 'stepreel-bench-'));
  try {
    if (values.images === undefined) await drawImages(drawn, count);
    const { bareFps, detectorFps, ratio, ...oneCore } = await benchDetect({
      model: positionals[0] ?? 'models/worksite/1.0.0',
      images: await imagesIn(values.images ?? drawn, count),
      rounds: Number(values.rounds),
    });
    console.log(`bare ONNX Runtime loop  ${bareFps.toFixed(1)} images/s`);
    console.log(`DetectObjects           ${detectorFps.toFixed(1)} images/s`);
    console.log(`ratio                   ${ratio.toFixed(2)} (wanted: at least 0.90)`);
    console.log(`one core, model alone   ${oneCore.modelCpuMs.toFixed(1)} ms of processor time an image`);
    console.log(`one core, DetectObjects ${oneCore.detectorCpuMs.toFixed(1)} ms of processor time an image`);
    console.log(`ratio                   ${oneCore.cpuRatio.toFixed(2)}`);
  } finally {
    await rm(drawn, { recursive: true, force: true });
  }
}
