import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTextReader, type TextEngine } from '#inference/text/open-text-reader';
import { tesseractVersion } from '#inference/text/tesseract-program';
import type { TextReader } from '#inference/text/text-reader';
import { clipQcParams } from '#workloads/clip-qc/contract';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { inventFilm } from '#workloads/clip-qc/example/film';
import type { Kind } from '#workloads/clip-qc/example/kinds';
import { measureFile } from '#workloads/clip-qc/measure-file';
import { cpuSeconds, watchMemory } from './process-tree.ts';

// How long a 10-second 720p clip takes, with each engine, and how much of it is reading. The first clip with text pays for
// the engine's start. Wall and processor seconds both, ffmpeg and tesseract counted in: on a busy machine only the second
// ones can be compared. Linux.
//   node bench/clip-qc.ts

const CLIP = { width: 1280, height: 720, seconds: 10, framesPerSecond: 30, backdrops: ['clouds', 'blocks'] } as const;
const KINDS: { kind: Kind; seed: number }[] = [
  { kind: 'clean-no-text', seed: 1 },
  { kind: 'subtitles', seed: 1 },
  { kind: 'subtitles', seed: 2 },
];

const folder = await mkdtemp(join(tmpdir(), 'bench-clip-qc-'));
try {
  const clips: { kind: Kind; path: string }[] = [];
  for (const { kind, seed } of KINDS) {
    clips.push({ kind, path: await encodeFilm(inventFilm(kind, seed, CLIP), folder, `${kind}-${seed}.mp4`) });
  }
  if ((await tesseractVersion()) !== undefined) await benchEngine('tesseract', clips);
  await benchEngine('tesseract.js', clips);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function benchEngine(engine: TextEngine, clips: { kind: Kind; path: string }[]): Promise<void> {
  const reader = await openTextReader(engine);
  const memory = watchMemory();
  console.log(`${engine} ${reader.engine.version}`);
  try {
    for (const { kind, path } of clips) {
      const reading = timed(reader);
      const [wall, processor] = [performance.now(), await cpuSeconds()];
      const { sampled, measures } = await measureFile(path, reading.reader, clipQcParams.parse({}));
      const [took, used] = [performance.now() - wall, (await cpuSeconds()) - processor];
      const withText = measures.texts.frames.filter(({ regions }) => regions.length > 0).length;
      console.log(
        `  ${kind}: ${seconds(took)} s, ${used.toFixed(2)} s of processor; ${sampled.frames.length} frames, ${withText} with text, ` +
          `${measures.texts.read} places read, reading under way for ${seconds(reading.spent())} s`,
      );
    }
  } finally {
    await reader.close();
    console.log(`  at most ${await memory.stop()} MiB, with all processes`);
  }
}

/** A reader that adds up how long at least one of its calls was under way. */
function timed(reader: TextReader): { reader: TextReader; spent: () => number } {
  let [open, since, spent] = [0, 0, 0];
  return {
    spent: () => spent,
    reader: {
      ...reader,
      async read(pictures, signal) {
        if (open === 0) since = performance.now();
        open += 1;
        try {
          return await reader.read(pictures, signal);
        } finally {
          open -= 1;
          if (open === 0) spent += performance.now() - since;
        }
      },
    },
  };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}
