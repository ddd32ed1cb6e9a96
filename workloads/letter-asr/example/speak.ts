import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openResampler } from '#media/audio-resample';
import { monoBlocks, probeWav, writeMonoWav } from '#media/wav';

// Makes the recordings of the example anew, with espeak-ng, which users need not have: the files lie beside this one.
//   node workloads/letter-asr/example/speak.ts

const RATE_HZ = 16_000;
const VOICE = ['-v', 'en-us', '-p', '55', '-s', '130'];
const PAUSE_SECONDS = 0.35;

/** What is said, as espeak-ng writes phonemes. The third letter is another one than asked for, the fifth is left out. */
const PHRASES = [
  ['eI', 'bi:', 'di:'],
  ['Em', 'keI'],
  ['Ef', 'zi:', 'waI'],
];

const folder = import.meta.dirname;
const scratch = await mkdtemp(join(tmpdir(), 'speak-'));
try {
  for (const file of await readdir(folder)) if (file.endsWith('.wav')) await rm(join(folder, file));
  let sequence = 0;
  for (const [phrase, words] of PHRASES.entries()) {
    const samples = await said(words);
    // The first phrase comes in two packets, cut where it happens to be half.
    const cuts = phrase === 0 ? [0, Math.floor(samples.length / 2), samples.length] : [0, samples.length];
    for (const [at, from] of cuts.slice(0, -1).entries()) {
      sequence += 1;
      const name = `example_${digits(phrase, 3)}_${digits(sequence, 6)}_1790000000_v1.wav`;
      await writeMonoWav(join(folder, name), RATE_HZ, blocks([samples.subarray(from, cuts[at + 1])]));
    }
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** The words with pauses around them. */
async function said(words: string[]): Promise<Float32Array> {
  const pause = new Float32Array(Math.round(PAUSE_SECONDS * RATE_HZ));
  const parts: Float32Array[] = [pause];
  for (const word of words) parts.push(await spoken(word), pause);
  return joined(parts);
}

async function spoken(phonemes: string): Promise<Float32Array> {
  const path = join(scratch, 'word.wav');
  await promisify(execFile)('espeak-ng', [...VOICE, '-w', path, `[[${phonemes}]]`]);
  const bytes = await readFile(path);
  const source = {
    size: bytes.length,
    read: async (at: number, count: number) => bytes.subarray(at, at + count),
    close: async () => {},
  };
  const format = await probeWav(source, 'word.wav');
  const resampler = openResampler(format.sampleRateHz, RATE_HZ);
  const parts: Float32Array[] = [];
  for await (const block of monoBlocks(source, format)) parts.push(resampler.push(block));
  return trimmed(joined([...parts, resampler.end()]));
}

function trimmed(samples: Float32Array): Float32Array {
  const isLoud = (sample: number) => Math.abs(sample) > 0.01;
  return samples.subarray(Math.max(0, samples.findIndex(isLoud) - 160), samples.findLastIndex(isLoud) + 160);
}

function joined(parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function* blocks(parts: Float32Array[]) {
  yield* parts;
}

function digits(number: number, count: number): string {
  return String(number).padStart(count, '0');
}
