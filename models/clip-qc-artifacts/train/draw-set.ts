import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { inventFilm } from '#workloads/clip-qc/example/film';
import { KINDS } from '#workloads/clip-qc/example/kinds';
import { clipsOf, type Split } from './clip-sets.ts';

// Draws the clips of a set into a folder, with the labels.csv that `stepreel qc eval` and `qc train` read.
//   node models/clip-qc-artifacts/train/draw-set.ts held-out --split held-out --from 20 --until 28

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    split: { type: 'string', default: 'held-out' },
    from: { type: 'string', default: '0' },
    until: { type: 'string', default: '1' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Name a folder: draw-set.ts held-out --split held-out --from 20 --until 28');

await mkdir(folder, { recursive: true });
const rows = ['clip_id,path,artifact,artifact_category,source,notes'];
for (const { id, kind, seed, options, codec } of clipsOf(
  values.split as Split,
  Number(values.from),
  Number(values.until),
)) {
  const name = `${id.replaceAll('/', '_')}.mp4`;
  await encodeFilm(inventFilm(kind, seed, options), folder, name, codec);
  rows.push(`${id},${name},${KINDS[kind] !== 'NONE'},${KINDS[kind]},drawn,${kind}`);
}
await writeFile(join(folder, 'labels.csv'), `${rows.join('\n')}\n`);
