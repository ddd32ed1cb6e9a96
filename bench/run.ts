import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { openBareLoop } from './detect.ts';
import { drawClip, ffmpeg, inFolder, median, timed } from './measure.ts';

/**
 * The whole `stepreel run dataset` beside the sum of its physical limits, in the same rounds:
 *   node bench/run.ts [MODEL FOLDER] [--seconds 30] [--rounds 3]
 * The limits are bare ffmpeg writing every frame as JPEG, and a bare ONNX Runtime loop over as many tensors as frames
 * were kept. Overhead is what the command takes beyond its steps.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '30' }, rounds: { type: 'string', default: '3' } },
});

// Noise over a pattern that jumps every third of a second: about one frame in ten is new.
const SOURCE = "testsrc2=s=1280x720:r=30,setpts='floor(N/10)*10/30/TB',fps=30,noise=alls=4:allf=t";
const MODEL = positionals[0] ?? 'models/worksite/1.0.0';
const CLI = join(import.meta.dirname, '../cli/stepreel.js');

const folder = await mkdtemp(join(tmpdir(), 'stepreel-bench-'));
try {
  const clip = await drawClip(join(folder, 'clip.mp4'), SOURCE, Number(values.seconds));
  const bare = await openBareLoop(MODEL);
  await bare.run(5);
  const rounds: Awaited<ReturnType<typeof oneRound>>[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) rounds.push(await oneRound(clip, bare.run));
  await bare.close();
  const shown = (of: (round: (typeof rounds)[0]) => number) => median(rounds.map(of)).toFixed(2);
  console.log(
    `stepreel run, 1280x720, ${values.seconds} s, ${rounds[0]!.kept} frames kept, median of ${values.rounds}`,
  );
  console.log(`bare ffmpeg writing JPEGs   ${shown(({ jpegs }) => jpegs)} s`);
  console.log(`bare ONNX Runtime loop      ${shown(({ loop }) => loop)} s`);
  console.log(
    `stepreel run                ${shown(({ run }) => run)} s, peak ${Math.max(...rounds.map(({ peakMiB }) => peakMiB))} MiB in one process`,
  );
  console.log(`run / (JPEGs + loop)        ${shown(({ run, jpegs, loop }) => run / (jpegs + loop))}`);
  console.log(`overhead beyond its steps   ${shown(({ overhead }) => overhead)} s (wanted: under 1)`);
} finally {
  await rm(folder, { recursive: true });
}

async function oneRound(clip: string, loop: (count: number) => Promise<void>) {
  const jpegs = await timed(() => inFolder(folder, (to) => ffmpeg('-i', clip, '-q:v', '3', join(to, 'f%06d.jpg'))));
  const result = join(folder, 'result');
  const args = ['run', 'dataset', '--input', clip, '--output', result, '--param', `model=${MODEL}`];
  const run = await timed(() => promisify(execFile)(process.execPath, [CLI, ...args]));
  const { steps } = JSON.parse(await readFile(join(result, 'receipt.json'), 'utf8'));
  const { images } = JSON.parse(await readFile(join(result, 'annotations.coco.json'), 'utf8'));
  await rm(result, { recursive: true });
  const inference = await timed(() => loop(images.length));
  const inSteps = steps.reduce((sum: number, { seconds }: { seconds: number }) => sum + seconds, 0);
  const peakMiB = Math.max(...steps.map(({ peakMemoryMiB }: { peakMemoryMiB: number }) => peakMemoryMiB));
  return {
    jpegs: jpegs.seconds,
    loop: inference.seconds,
    run: run.seconds,
    overhead: run.seconds - inSteps,
    kept: images.length,
    peakMiB,
  };
}
