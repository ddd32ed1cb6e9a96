import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { encoderOptions } from '#media/render/encoders';
import { openBareLoop } from './detect.ts';
import { drawClip, ffmpeg, inFolder, median, timed } from './measure.ts';

const HELP = `The whole \`stepreel run annotate\` beside its limits: node bench/annotate.ts [--seconds 30] [--rounds 3] [--memory]

Each round runs on the same 720p clip of 30 frames a second, one after the other:
  transcode   bare ffmpeg, decoding and encoding with the same encoder settings, sound copied
  loop        a bare ONNX Runtime loop over as many tensors as frames are sampled (every third), on both cores
  one core    the same loop with one thread: threads that wait for each other burn processor time, the more the fuller the machine
  run         stepreel run annotate with the defaults
Shown are seconds and CPU seconds of all processes, and run / (transcode + loop); the aim is 1.15 at most.
--memory also annotates 1 and 10 minutes of 1080p, and shows the most memory of each step's processes together.`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const MODEL = join(import.meta.dirname, '../models/worksite/1.0.0');
const CLI = join(import.meta.dirname, '../cli/stepreel.js');
const FACTS = {
  timeBase: { numerator: 1, denominator: 15_360 },
  ...{ width: 1280, height: 720, pixelFormat: 'yuv420p', pixelAspect: '1/1', frameRate: '30/1' },
  colour: { range: 'unknown', matrix: 'unknown', primaries: 'unknown', transfer: 'unknown' },
};
const ENCODE = encoderOptions({ codec: 'h264', crf: 23, preset: 'medium' }, FACTS);
const SOURCE = (size: string) => `testsrc2=s=${size}:r=30,noise=alls=4:allf=t`;

if (values.help) console.log(HELP);
else {
  const folder = await mkdtemp(join(tmpdir(), 'stepreel-bench-'));
  try {
    await compareSpeed(folder, Number(values.seconds), Number(values.rounds));
    if (values.memory) await compareMemory(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function compareSpeed(folder: string, seconds: number, rounds: number): Promise<void> {
  const clip = await drawClip(join(folder, 'clip.mp4'), SOURCE('1280x720'), seconds);
  const [bare, oneCore] = [await openBareLoop(MODEL), await openBareLoop(MODEL, 1)];
  for (const { run } of [bare, oneCore]) await run(5);
  const measured: Round[] = [];
  for (let at = 0; at < rounds; at += 1) {
    const round = { 'one core': await timed(() => oneCore.run(seconds * 10)) };
    measured.push({ ...round, ...(await oneRound(folder, clip, seconds * 10, bare.run)) });
  }
  await Promise.all([bare.close(), oneCore.close()]);
  console.log(`stepreel run annotate, 1280x720, ${seconds} s at 30 frames a second, median of ${rounds}`);
  for (const part of ['transcode', 'loop', 'one core', 'run'] as const) {
    const of = (what: 'seconds' | 'cpu') => median(measured.map((round) => round[part][what])).toFixed(2);
    console.log(`${part.padEnd(10)} ${of('seconds')} s, ${of('cpu')} CPU seconds`);
  }
  const ratio = (what: 'seconds' | 'cpu', loop: 'loop' | 'one core' = 'loop') =>
    median(measured.map((round) => round.run[what] / (round.transcode[what] + round[loop][what]))).toFixed(2);
  console.log(`run / (transcode + loop)  ${ratio('seconds')} (wanted: 1.15 at most)`);
  console.log(`in CPU time               ${ratio('cpu')}, beside the loop on one core ${ratio('cpu', 'one core')}`);
  console.log(`seconds a step: ${JSON.stringify(measured[0]!.steps)}`);
}

async function oneRound(folder: string, clip: string, sampled: number, loop: (count: number) => Promise<void>) {
  const transcode = await timed(() =>
    inFolder(folder, (to) => ffmpeg('-i', clip, ...ENCODE, '-c:a', 'copy', join(to, 'out.mp4'))),
  );
  const inference = await timed(() => loop(sampled));
  const result = join(folder, 'result');
  const run = await timed(() => annotate(clip, result));
  const { steps } = JSON.parse(await readFile(join(result, 'receipt.json'), 'utf8')) as Receipt;
  await rm(result, { recursive: true });
  return {
    transcode,
    loop: inference,
    run,
    steps: Object.fromEntries(steps.map(({ step, seconds }) => [step, seconds])),
  };
}

type Round = Awaited<ReturnType<typeof oneRound>> & Record<'one core', Awaited<ReturnType<typeof timed>>>;

interface Receipt {
  steps: { step: string; seconds: number; peakMemoryMiB: number }[];
}

function annotate(clip: string, result: string, ...more: string[]) {
  const args = ['run', 'annotate', '--input', clip, '--output', result, '--param', `model=${MODEL}`, ...more];
  return promisify(execFile)(process.execPath, [CLI, ...args], { maxBuffer: 2 ** 26 });
}

async function compareMemory(folder: string): Promise<void> {
  const drawn = await drawClip(join(folder, 'drawn.mp4'), 'testsrc2=s=1920x1080:r=30', 20);
  const [minute, long] = [join(folder, 'minute.mp4'), join(folder, 'long.mp4')];
  await ffmpeg('-stream_loop', '2', '-i', drawn, '-c', 'copy', minute);
  await ffmpeg('-stream_loop', '29', '-i', drawn, '-c', 'copy', long);
  const runs = [
    { name: '1 minute, preset medium', clip: minute, preset: 'medium' },
    { name: '1 minute, preset ultrafast', clip: minute, preset: 'ultrafast' },
    { name: '10 minutes, preset ultrafast', clip: long, preset: 'ultrafast' },
  ];
  for (const { name, clip, preset } of runs) {
    const result = join(folder, 'result');
    await annotate(clip, result, '--param', 'every=30', '--param', `preset=${preset}`);
    const { steps } = JSON.parse(await readFile(join(result, 'receipt.json'), 'utf8')) as Receipt;
    await rm(result, { recursive: true });
    console.log(`1080p, ${name}: ${steps.map(({ step, peakMemoryMiB }) => `${step} ${peakMemoryMiB} MiB`).join(', ')}`);
  }
}
