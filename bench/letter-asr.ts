import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '#core/step';
import { loadAcousticModel } from '#inference/models';
import { openSession } from '#inference/session';
import { openAcousticModel } from '#inference/speech/acoustic-model';
import { monoBlocks, probeWav } from '#media/wav';
import { activitiesOfJob } from '#workloads/letter-asr/activities/job-activities';
import { ACTIVITIES_FILE, letterAsrParams, type ScoredPhrase } from '#workloads/letter-asr/contract';
import { decodeGreedy } from '#workloads/letter-asr/decode/ctc-greedy';
import { prepareActivity } from '#workloads/letter-asr/phrases/prepare-activity';
import { phraseSounds } from '#workloads/letter-asr/scoring/phrase-sounds';
import { scorePhrase } from '#workloads/letter-asr/scoring/score-phrase';
import { scoreSounds } from '#workloads/letter-asr/scoring/score-sounds';

// How many seconds of sound are judged in a second, from wav files to verdicts, and how that compares with a bare loop that
// reads the same files and runs the same model over them. Activities of ten phrases, made of the example's recordings.
//   node bench/letter-asr.ts [activities]

const ACTIVITIES = Number(process.argv[2] ?? 40);
const PHRASES = 10;
const ROUNDS = 3;
const RATE_HZ = 16_000;
const EXAMPLE = new URL('../workloads/letter-asr/example/', import.meta.url).pathname;
const MODEL = new URL('../models/letters/1.0.0', import.meta.url).pathname;
const THREADS = Math.min(4, availableParallelism());

/** Files of this machine as a step is given them. */
const artifacts = {
  open: ({ uri }: { uri: string }) => openFile(uri),
  local: async (source: { uri: string } | { key: string }) => ('uri' in source ? source.uri : source.key),
  digest: async () => ({ sha256: '', bytes: 0 }),
};

const folder = await mkdtemp(join(tmpdir(), 'bench-letter-asr-'));
try {
  const { input, seconds } = await drawActivities();
  const model = await loadAcousticModel(MODEL);
  console.log(`${ACTIVITIES} activities of ${PHRASES} phrases, ${seconds.toFixed(0)} s of sound, ${THREADS} threads`);
  const ours: Measured[] = [];
  const bare: Measured[] = [];
  // Taken in turns: what else the machine does meets both.
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await measured(() => judge(input)));
    bare.push(await measured(() => bareLoop(input)));
  }
  const [own, loop] = [best(ours), best(bare)];
  report('from wav files to verdicts', own, seconds);
  report('bare ONNX Runtime loop', loop, seconds);
  console.log(
    `  ratio of wall time ${(loop.wall / own.wall).toFixed(2)}, of processor time ${(loop.processor / own.processor).toFixed(2)}`,
  );
  const share = await decodeShare(input);
  console.log(
    `  decode and align ${(100 * share).toFixed(2)} % of the time, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
  );

  async function judge(files: typeof input): Promise<ScoredPhrase[]> {
    const acoustic = await openAcousticModel(model, { device: 'cpu', threads: THREADS });
    const params = letterAsrParams.parse({});
    const signal = new AbortController().signal;
    const work = await mkdtemp(join(folder, 'work-'));
    await mkdir(join(work, 'audio'));
    try {
      const { activities } = await activitiesOfJob(files, params, artifacts);
      const lines: string[] = [];
      const sounds: string[] = [];
      let usable = 0;
      for (const [at, each] of activities.entries()) {
        const audio = `audio/${at}.wav`;
        const request = { source: params.source, artifacts, folder: work, audio, signal };
        const prepared = await prepareActivity(each, request);
        usable += prepared.phrases.filter(({ failure }) => failure === undefined).length;
        sounds.push(audio);
        lines.push(JSON.stringify(prepared));
      }
      await writeFile(join(work, ACTIVITIES_FILE), `${lines.join('\n')}\n`);
      const left = [ACTIVITIES_FILE, ...sounds].map((name) => artifactNamed(name, join(work, name)));
      const scored: ScoredPhrase[] = [];
      const request = { files: left, artifacts, contextSeconds: params.contextSeconds, first: 0, count: usable };
      const scoring = { model: acoustic, rule: params, signal, measure: () => {} };
      for await (const phrase of scoreSounds(phraseSounds(request), scoring)) scored.push(phrase);
      if (scored.length !== ACTIVITIES * PHRASES) throw new Error(`${scored.length} phrases were scored`);
      return scored;
    } finally {
      await acoustic.close();
      await rm(work, { recursive: true, force: true });
    }
  }

  /** Reads each file, puts those of an activity together, and runs the model over them. Nothing is judged. */
  async function bareLoop(files: typeof input): Promise<void> {
    const session = await openSession(model.weightsPath, { device: 'cpu', threads: THREADS });
    try {
      for (let activity = 0; activity < ACTIVITIES; activity += 1) {
        const own = files.slice(activity * PHRASES, (activity + 1) * PHRASES);
        const parts: Float32Array[] = [];
        for (const { uri } of own) {
          const bytes = await readFile(uri);
          const pcm = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.byteLength));
          const samples = new Float32Array(pcm.length);
          for (let at = 0; at < pcm.length; at += 1) samples[at] = pcm[at]! / 32_768;
          parts.push(samples);
        }
        await session.run({ samples: { data: normalised(parts), shape: [1, lengthOf(parts)] } }, ['logits']);
      }
    } finally {
      await session.release();
    }
  }

  /** Time of decoding and aligning as a share of all; of each part the median, as others use the machine too. */
  async function decodeShare(files: typeof input): Promise<number> {
    const acoustic = await openAcousticModel(model, { device: 'cpu', threads: THREADS });
    const hearing: number[] = [];
    const deciding: number[] = [];
    try {
      for (let activity = 0; activity < ACTIVITIES; activity += 1) {
        const parts: Float32Array[] = [];
        for (const { uri } of files.slice(activity * PHRASES, (activity + 1) * PHRASES)) {
          const source = await openFile(uri);
          for await (const block of monoBlocks(source, await probeWav(source, uri))) parts.push(block);
          await source.close();
        }
        const begun = performance.now();
        const [logits] = await acoustic.hear([joined(parts)]);
        const heard = performance.now();
        const tokens = decodeGreedy(logits!, acoustic);
        let first = 0;
        const params = letterAsrParams.parse({});
        for (const part of parts) {
          const stretch = { startSeconds: first / RATE_HZ, seconds: part.length / RATE_HZ };
          scorePhrase({ expected: ['a_letter', 'b_letter', 'c_letter'] }, tokens, acoustic.separator, stretch, params);
          first += part.length;
        }
        hearing.push(heard - begun);
        deciding.push(performance.now() - heard);
      }
    } finally {
      await acoustic.close();
    }
    return median(deciding) / (median(hearing) + median(deciding));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

interface Measured {
  wall: number;
  processor: number;
}

async function measured(work: () => Promise<unknown>): Promise<Measured> {
  const [started, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { wall: (performance.now() - started) / 1000, processor: (user + system) / 1e6 };
}

function best(runs: Measured[]): Measured {
  return {
    wall: Math.min(...runs.map(({ wall }) => wall)),
    processor: Math.min(...runs.map(({ processor }) => processor)),
  };
}

function report(what: string, { wall, processor }: Measured, seconds: number): void {
  console.log(
    `${what}: ${wall.toFixed(2)} s, ${(seconds / wall).toFixed(0)} times real time; ${processor.toFixed(2)} s of processor, ` +
      `${((2 * seconds) / processor).toFixed(0)} times real time on two cores that do nothing else`,
  );
}

/** Activities of ten phrases, a file each, in the order of the phrases. */
async function drawActivities() {
  const recordings = (await readdir(EXAMPLE))
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .slice(-2);
  const sounds = await Promise.all(recordings.map((name) => readFile(join(EXAMPLE, name))));
  const input: { name: string; uri: string }[] = [];
  const activities: object[] = [];
  let seconds = 0;
  for (let activity = 0; activity < ACTIVITIES; activity += 1) {
    const phrases: object[] = [];
    for (let phrase = 0; phrase < PHRASES; phrase += 1) {
      const sound = sounds[phrase % sounds.length]!;
      const name = `a${activity}_${String(phrase).padStart(3, '0')}_${String(phrase + 1).padStart(6, '0')}.wav`;
      const uri = join(folder, name);
      await writeFile(uri, sound);
      input.push({ name, uri });
      seconds += (sound.length - 44) / 2 / RATE_HZ;
      phrases.push({ phraseIndex: phrase, expected_text: ['f_letter', 'z_letter', 'y_letter'] });
    }
    activities.push({ activity_id: `a${activity}`, phrases });
  }
  const uri = join(folder, 'activities.jsonl');
  await writeFile(uri, activities.map((activity) => `${JSON.stringify(activity)}\n`).join(''));
  return { input: [...input, { name: 'activities.jsonl', uri }], seconds };
}

function artifactNamed(name: string, key: string) {
  return { name, key, sha256: '', bytes: 0, mediaType: '' };
}

function normalised(parts: Float32Array[]): Float32Array {
  const all = joined(parts);
  let sum = 0;
  for (const sample of all) sum += sample;
  const mean = sum / all.length;
  let squares = 0;
  for (const sample of all) squares += (sample - mean) ** 2;
  const deviation = Math.sqrt(squares / all.length) + 1e-5;
  for (let at = 0; at < all.length; at += 1) all[at] = (all[at]! - mean) / deviation;
  return all;
}

function joined(parts: Float32Array[]): Float32Array {
  const all = new Float32Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function lengthOf(parts: Float32Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

async function openFile(path: string): Promise<ByteSource> {
  const { size } = await stat(path);
  const file = await open(path);
  return {
    size,
    read: async (offset, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}
