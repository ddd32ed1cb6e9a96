import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { inventFilm } from '#workloads/clip-qc/example/film';
import { KINDS, type Kind } from '#workloads/clip-qc/example/kinds';
import { writeOutputFolder } from './output-folder.ts';

const CLIP = { width: 1280, height: 720, seconds: 4, framesPerSecond: 10 } as const;
const STRONG_COMPRESSION = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '42', '-pix_fmt', 'yuv420p'];

/** `qc draw`: a clip of every kind and labels.csv. The same seed draws the same clips. */
export async function drawClips({ output, seed }: { output: string; seed: string }, json: boolean): Promise<void> {
  const kinds = Object.keys(KINDS) as Kind[];
  await writeOutputFolder(output, async (folder) => {
    for (const kind of kinds) {
      const codec = kind === 'compression-noise' ? STRONG_COMPRESSION : undefined;
      await encodeFilm(inventFilm(kind, seed, CLIP), folder, `${kind}.mp4`, codec);
      if (!json) process.stderr.write(`${kind}.mp4\n`);
    }
    await writeFile(join(folder, 'labels.csv'), labelsOf(kinds));
  });
  if (json) process.stdout.write(`${JSON.stringify({ event: 'drawn', output, clips: kinds.length })}\n`);
  else process.stdout.write(`${output}: ${kinds.length} clips and labels.csv\n`);
}

function labelsOf(kinds: Kind[]): string {
  const rows = kinds.map((kind) => `${kind},${kind}.mp4,${KINDS[kind] !== 'NONE'},${KINDS[kind]},drawn,`);
  return `${['clip_id,path,artifact,artifact_category,source,notes', ...rows].join('\n')}\n`;
}
