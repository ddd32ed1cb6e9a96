import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTextReader } from '#inference/text/open-text-reader';
import { clipQcParams } from '#workloads/clip-qc/contract';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { inventFilm } from '#workloads/clip-qc/example/film';
import { KINDS } from '#workloads/clip-qc/example/kinds';
import { FEATURE_SET } from '#workloads/clip-qc/features/feature-set';
import { measureFile } from '#workloads/clip-qc/measure-file';
import { clipsOf, type SetClip, type Split } from './clip-sets.ts';

// Draws the clips of a set one after another, measures each and writes a line of features; the clips are not kept. Every
// other clip, by chance, is read by the native tesseract. What is in the file already is not drawn again.
//   node models/clip-qc-artifacts/train/measure-set.ts train.jsonl --split train --until 24

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    split: { type: 'string', default: 'train' },
    from: { type: 'string', default: '0' },
    until: { type: 'string', default: '1' },
    part: { type: 'string', default: '0/1' },
  },
});
const [output] = positionals;
if (output === undefined)
  throw new Error('Name the file to write: measure-set.ts train.jsonl --split train --until 24');

const [part, parts] = values.part.split('/').map(Number) as [number, number];
const done = new Set(
  (await readFile(output, 'utf8').catch(() => '')).split('\n').flatMap((line) => (line ? [JSON.parse(line).id] : [])),
);
const readers = [
  await openTextReader('tesseract.js', { threads: 1 }),
  await openTextReader('tesseract', { threads: 1 }),
];
const clips = clipsOf(values.split as Split, Number(values.from), Number(values.until));
for (const clip of clips.filter((_, at) => at % parts === part)) if (!done.has(clip.id)) await measureOne(clip);
await Promise.all(readers.map((reader) => reader.close()));

async function measureOne({ id, kind, seed, options, codec, random }: SetClip): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'clip-qc-set-'));
  try {
    const reader = random.pick(readers);
    const clip = await encodeFilm(inventFilm(kind, seed, options), folder, 'clip.mp4', codec);
    const { sampled, measures } = await measureFile(clip, reader, clipQcParams.parse({}));
    const facts = { id, kind, category: KINDS[kind], frames: sampled.frames.length, featureSet: FEATURE_SET };
    await appendFile(output!, `${JSON.stringify({ ...facts, engine: reader.engine, features: measures.features })}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
