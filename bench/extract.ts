import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { openInputFile } from '#adapters/local/input-files';
import { locateFfmpeg } from '#media/ffmpeg';
import { extractFrames } from '#media/frames';
import { probeMedia } from '#media/probe';
import { drawClip, ffmpeg, inFolder, median, timed } from './measure.ts';

const HELP = `Extraction with cleaning beside bare ffmpeg: node bench/extract.ts [--seconds 40] [--rounds 3] [--memory]

Each round runs on the same clip, one after the other:
  null    ffmpeg -i X -f null -
  jpegs   ffmpeg -i X -q:v 3 f%06d.jpg
  ours    extractFrames with the defaults: blur 100, dedup 5, quality 3
Shown are seconds and the CPU seconds of all processes, each the median of the rounds, and ours over jpegs.
--memory also extracts 1 and 10 minutes of 1080p and shows the peak of resident memory of node and its children.
--only FILE extracts that one file and shows its peak.`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** A still scene under a moving box and sensor noise: nearly every frame repeats another. */
const STILL = (size: string) =>
  `testsrc2=s=${size}:r=30,trim=end_frame=1,loop=-1:1:0,setpts=N/30/TB,` +
  "drawbox=x='mod(t*60,iw)':y=ih/2:w=40:h=40:color=red:t=fill,noise=alls=4:allf=t";
/** Random blots under noise: no frame is near another. */
const CHANGING = (size: string) =>
  `nullsrc=s=16x9:r=30,geq=lum='random(1)*255':cb=128:cr=128,scale=${size.replace('x', ':')}:flags=bicubic,` +
  'noise=alls=12:allf=t';

if (values.help) {
  console.log(HELP);
} else {
  const folder = await mkdtemp(join(tmpdir(), 'stepreel-bench-'));
  try {
    if (values.only !== undefined) await showPeak(values.only, folder);
    else await compareSpeed(folder, Number(values.seconds), Number(values.rounds));
    if (values.memory) await compareMemory(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function compareSpeed(folder: string, seconds: number, rounds: number): Promise<void> {
  const { version } = await locateFfmpeg();
  console.log(`ffmpeg ${version}, 1280x720 H.264, ${seconds} s at 30 frames a second, median of ${rounds}`);
  console.log(['clip', 'kept', 'null', 'jpegs', 'ours', 'ours / jpegs', 'in CPU time', 'peak MiB'].join('\t'));
  for (const [name, source] of Object.entries({ 'near-duplicates': STILL, 'all kept': CHANGING })) {
    const clip = await drawClip(join(folder, `${name}.mp4`), source('1280x720'), seconds);
    const runs: Awaited<ReturnType<typeof oneRound>>[] = [];
    while (runs.length < rounds) runs.push(await oneRound(folder, clip));
    const shown = (of: (run: (typeof runs)[0]) => number) => median(runs.map(of)).toFixed(2);
    console.log(
      [
        ...[name, runs[0]!.ours.result, shown(({ bare }) => bare.seconds), shown(({ jpegs }) => jpegs.seconds)],
        ...[shown(({ ours }) => ours.seconds), shown(({ ours, jpegs }) => ours.seconds / jpegs.seconds)],
        ...[shown(({ ours, jpegs }) => ours.cpu / jpegs.cpu), Math.max(...runs.map(({ ours }) => ours.peakMiB))],
      ].join('\t'),
    );
  }
}

async function oneRound(folder: string, clip: string) {
  return {
    bare: await timed(() => ffmpeg('-i', clip, '-f', 'null', '-')),
    jpegs: await timed(() => inFolder(folder, (to) => ffmpeg('-i', clip, '-q:v', '3', join(to, 'f%06d.jpg')))),
    ours: await timed(() => inFolder(folder, (to) => extract(clip, to))),
  };
}

async function compareMemory(folder: string): Promise<void> {
  const minute = await drawClip(join(folder, 'minute.mp4'), STILL('1920x1080'), 60);
  const tenMinutes = join(folder, 'ten-minutes.mp4');
  await ffmpeg('-stream_loop', '9', '-i', minute, '-c', 'copy', tenMinutes);
  for (const [name, clip] of Object.entries({ '1 minute': minute, '10 minutes': tenMinutes })) {
    // A process each: what the first leaves behind would count for the second.
    const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, '--only', clip]);
    console.log(`1080p, ${name}: ${stdout.trim()}`);
  }
}

async function showPeak(clip: string, folder: string): Promise<void> {
  const { peakMiB, seconds } = await timed(() => inFolder(folder, (to) => extract(clip, to)));
  console.log(`peak ${peakMiB} MiB, ${seconds.toFixed(1)} s`);
}

async function extract(path: string, folder: string): Promise<string> {
  const source = await openInputFile({ name: path, uri: path });
  const media = await probeMedia(source);
  await source.close();
  const { kept, sampled } = await extractFrames({
    ...{ path, media, sampling: { every: 1 }, blur: { threshold: 100 }, dedup: { maxDistance: 5 } },
    ...{ folder, recordsPath: join(folder, 'frames.jsonl'), quality: 3 },
  });
  return `${kept}/${sampled}`;
}
