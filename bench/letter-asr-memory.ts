import { execFile } from 'node:child_process';
import { copyFile, link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

// The memory of each step of one job, for a hundred activities of ten phrases and for as many as a job takes. Each activity
// is a whole recording with the times of its phrases.
//   node bench/letter-asr-memory.ts [activities ...]

const COUNTS = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100, 999];
const PHRASES = 10;
const HEAD_BYTES = 44;
const BYTES_PER_MS = 32;
const EXAMPLE = new URL('../workloads/letter-asr/example/', import.meta.url).pathname;
const STEPREEL = new URL('../cli/stepreel.js', import.meta.url).pathname;

for (const count of COUNTS) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-letter-asr-memory-'));
  try {
    const { input, seconds } = await drawActivities(folder, count);
    const output = join(folder, 'out');
    await promisify(execFile)(
      process.execPath,
      [STEPREEL, 'run', 'letter-asr', '--input', ...input, '--output', output],
      { cwd: folder, maxBuffer: 64 * 1024 ** 2 },
    );
    const { steps } = JSON.parse(await readFile(join(output, 'receipt.json'), 'utf8')) as { steps: Taken[] };
    console.log(`${count} activities, ${count * PHRASES} phrases, ${(seconds / 3600).toFixed(2)} hours of sound`);
    for (const { step, cpuSeconds, peakMemoryMiB } of steps) {
      console.log(`  ${step}: ${cpuSeconds} s of processor, ${peakMemoryMiB} MiB`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Taken {
  step: string;
  cpuSeconds: number;
  peakMemoryMiB: number;
}

/** Recordings that are all alike, as the bytes of one file under many names, and what they should say. */
async function drawActivities(folder: string, count: number): Promise<{ input: string[]; seconds: number }> {
  const names = (await readdir(EXAMPLE)).filter((name) => name.endsWith('.wav')).sort();
  const sounds = await Promise.all(names.slice(-2).map((name) => readFile(join(EXAMPLE, name))));
  const parts = Array.from({ length: PHRASES }, (_, phrase) => sounds[phrase % sounds.length]!.subarray(HEAD_BYTES));
  const phrases: object[] = [];
  let at = 0;
  for (const [phraseIndex, { length }] of parts.entries()) {
    const times = { start_ms: Math.round(at / BYTES_PER_MS), end_ms: Math.round((at + length) / BYTES_PER_MS) };
    phrases.push({ phraseIndex, expected_text: ['f_letter', 'z_letter', 'y_letter'], ...times });
    at += length;
  }
  const first = join(folder, 'a0.wav');
  await writeFile(first, Buffer.concat([headOf(sounds[0]!, at), ...parts]));
  const input = [first];
  for (let activity = 1; activity < count; activity += 1) {
    const path = join(folder, `a${activity}.wav`);
    await link(first, path).catch(() => copyFile(first, path));
    input.push(path);
  }
  const lines = input.map((_, activity) => ({ activity_id: `a${activity}`, recording: `a${activity}.wav`, phrases }));
  const list = join(folder, 'activities.jsonl');
  await writeFile(list, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { input: [...input, list], seconds: (count * at) / BYTES_PER_MS / 1000 };
}

/** The head of a plain wav file with other lengths in it. */
function headOf(wav: Buffer, dataBytes: number): Buffer {
  const head = Buffer.from(wav.subarray(0, HEAD_BYTES));
  head.writeUInt32LE(dataBytes + HEAD_BYTES - 8, 4);
  head.writeUInt32LE(dataBytes, 40);
  return head;
}
