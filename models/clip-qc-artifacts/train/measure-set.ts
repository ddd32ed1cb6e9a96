import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTextReader } from '#inference/text/open-text-reader';
import { type Random, randomFrom } from '#media/scenes/random';
import { clipQcParams } from '#workloads/clip-qc/contract';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { type FilmOptions, inventFilm } from '#workloads/clip-qc/example/film';
import { KINDS, type Kind } from '#workloads/clip-qc/example/kinds';
import { FEATURE_SET } from '#workloads/clip-qc/features/feature-set';
import { measureFile } from '#workloads/clip-qc/measure-file';
import { writeInRealLetters } from './real-letters.ts';

// Draws the clips of a set one after another, measures each and writes a line of features; the clips are not kept.
//   node models/clip-qc-artifacts/train/measure-set.ts train.jsonl --split train --rounds 24
//   node models/clip-qc-artifacts/train/measure-set.ts held-out.jsonl --split held-out --rounds 10
// A round is one clip of each kind, and more of those that are findings. What is in the file already is not drawn again.

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    split: { type: 'string', default: 'train' },
    rounds: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    part: { type: 'string', default: '0/1' },
    engine: { type: 'string', default: 'tesseract.js' },
  },
});
const [output] = positionals;
if (output === undefined)
  throw new Error('Name the file to write: measure-set.ts train.jsonl --split train --rounds 24');

// What is mistaken most easily is drawn most often.
const MORE: Partial<Record<Kind, number>> = {
  'text-mutation': 4,
  flicker: 2,
  'texture-flicker': 2,
  subtitles: 3,
  'hard-cut': 3,
  montage: 3,
  'growing-blur': 3,
};
// Most clips are small and slow, because drawing and reading take their time; a few are as large and fast as real ones.
const SIZES = [
  [640, 360],
  [640, 360],
  [640, 360],
  [640, 360],
  [854, 480],
  [854, 480],
  [1280, 720],
] as const;
const RATES = [5, 5, 5, 5, 10, 10, 25];

const [part, parts] = values.part.split('/').map(Number) as [number, number];
const done = new Set(
  (await readFile(output, 'utf8').catch(() => '')).split('\n').flatMap((line) => (line ? [JSON.parse(line).id] : [])),
);
const reader = await openTextReader(values.engine as 'tesseract.js', { threads: 1 });
let at = 0;
for (let round = Number(values.from); round < Number(values.rounds); round += 1) {
  for (const kind of Object.keys(KINDS) as Kind[]) {
    for (let copy = 0; copy < (MORE[kind] ?? 1); copy += 1) {
      at += 1;
      const id = `${values.split}/${kind}/${round}-${copy}`;
      if (at % parts === part && !done.has(id)) await measureOne(id, kind, round);
    }
  }
}
await reader.close();

async function measureOne(id: string, kind: Kind, round: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'clip-qc-set-'));
  try {
    const random = randomFrom(`clip-qc-set/${id}`);
    const { codec, name, ...options } =
      values.split === 'train' ? trainingOptions(random, kind, round) : heldOutOptions(random, kind);
    const clip = await encodeFilm(inventFilm(kind, id, options), folder, name, codec);
    const { sampled, measures } = await measureFile(clip, reader, clipQcParams.parse({}));
    const facts = { id, kind, category: KINDS[kind], frames: sampled.frames.length, featureSet: FEATURE_SET };
    await appendFile(output!, `${JSON.stringify({ ...facts, engine: reader.engine, features: measures.features })}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Options = FilmOptions & { codec: string[]; name: string };

function trainingOptions(random: Random, kind: Kind, round: number): Options {
  const [width, height] = random.pick(SIZES);
  const crf = kind === 'compression-noise' ? random.int(36, 44) : random.int(18, 30);
  return {
    ...{ width, height, seconds: random.range(3, 5), framesPerSecond: random.pick(RATES), grain: random.range(0.5, 3) },
    // Later rounds have more detail, over which a moving camera makes frames much less alike.
    backdrops: round < 10 ? ['slope', 'clouds', 'blocks', 'foliage'] : ['gravel', 'foliage', 'blocks'],
    codec: ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf), '-pix_fmt', 'yuv420p'],
    name: 'clip.mp4',
  };
}

/** Other backdrops, letters and encoders than any training clip has. */
function heldOutOptions(random: Random, kind: Kind): Options {
  const [width, height] = random.pick(SIZES);
  const strong = kind === 'compression-noise';
  const codec = random.pick([
    ['-c:v', 'mpeg4', '-q:v', String(strong ? random.int(18, 28) : random.int(3, 8)), '-pix_fmt', 'yuv420p'],
    [
      '-c:v',
      'libvpx-vp9',
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
      '-b:v',
      '0',
      '-crf',
      String(strong ? random.int(52, 60) : random.int(28, 40)),
    ],
  ]);
  return {
    ...{ width, height, seconds: random.range(3, 6), framesPerSecond: random.pick(RATES), grain: random.range(0.5, 3) },
    backdrops: ['tiles', 'worksite'],
    write: writeInRealLetters,
    codec: [...codec],
    name: 'clip.mp4',
  };
}
