import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { writePly } from '#photogrammetry/ply';

const SIDE = 24;
const PAIR_BASE = 2_147_483_647n;

/** What a program that stands in COLMAP's place was asked for, and how it is made to fail. */
export interface ScriptedColmap {
  path: string;
  /** Each command with its arguments, in order. */
  commands(): Promise<{ command: string; args: Record<string, string> }[]>;
}

/**
 * A program with COLMAP's commands that writes down how it is called and leaves files of COLMAP's forms: a flat square of
 * points that cameras on an arc look at. It measures nothing; what it is for is how the steps call COLMAP, hand its files on
 * and take its end. `failing` is shell text that runs before a command, with its name in $1.
 */
export async function scriptedColmap(
  folder: string,
  { pictures, cuda = true, failing = '' }: { pictures: readonly string[]; cuda?: boolean; failing?: string },
): Promise<ScriptedColmap> {
  const files = join(folder, 'scripted');
  await mkdir(files, { recursive: true });
  writeDatabase(join(files, 'features.db'), pictures.length, false);
  writeDatabase(join(files, 'matches.db'), pictures.length, true);
  for (const [name, text] of Object.entries(modelText(pictures))) await writeFile(join(files, name), text);
  await writeFile(join(files, 'fused.ply'), writePly(square()));
  await writeFile(
    join(files, 'mesh.ply'),
    writePly({ ...square(), faces: Uint32Array.from([0, 1, SIDE, 1, SIDE + 1, SIDE]) }),
  );
  const path = join(folder, 'colmap');
  const log = join(folder, 'commands.txt');
  await writeFile(
    path,
    `#!/bin/sh
if [ "$1" = help ]; then echo "COLMAP 3.8 -- ${cuda ? 'with' : 'without'} CUDA"; exit 0; fi
for word in "$@"; do printf '%s\\t' "$word"; done >> '${log}'; echo >> '${log}'
${failing}
command="$1"; shift
while [ $# -gt 1 ]; do
  case "$1" in
    --database_path) database="$2" ;; --output_path) output="$2" ;; --workspace_path) workspace="$2" ;;
  esac
  shift 2
done
case "$command" in
  feature_extractor) cp '${files}/features.db' "$database"; echo 'Processed file [${pictures.length}/${pictures.length}]' ;;
  *_matcher) cp '${files}/matches.db' "$database" ;;
  mapper) mkdir -p "$output/0"; : > "$output/0/images.bin" ;;
  model_converter) cp '${files}/cameras.txt' '${files}/images.txt' '${files}/points3D.txt' "$output" ;;
  image_undistorter) mkdir -p "$output/stereo" ;;
  patch_match_stereo) test -d "$workspace/stereo" ;;
  stereo_fusion) cp '${files}/fused.ply' "$output" ;;
  poisson_mesher) cp '${files}/mesh.ply' "$output" ;;
esac
`,
  );
  await chmod(path, 0o755);
  return {
    path,
    async commands() {
      const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '');
      return lines.map((line) => {
        const [command, ...words] = line.split('\t') as [string, ...string[]];
        const args: Record<string, string> = {};
        for (let at = 0; at + 1 < words.length; at += 2) args[words[at]!.slice(2)] = words[at + 1]!;
        return { command, args };
      });
    },
  };
}

/** The tables that are read, as COLMAP 3.8 names them. */
function writeDatabase(path: string, pictures: number, matched: boolean): void {
  const database = new DatabaseSync(path);
  database.exec(`CREATE TABLE images (image_id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE keypoints (image_id INTEGER, rows INTEGER, cols INTEGER, data BLOB);
    CREATE TABLE descriptors (image_id INTEGER, rows INTEGER, cols INTEGER, data BLOB);
    CREATE TABLE matches (pair_id INTEGER, rows INTEGER, cols INTEGER, data BLOB);
    CREATE TABLE two_view_geometries (pair_id INTEGER, rows INTEGER, config INTEGER);`);
  for (let id = 1; id <= pictures; id += 1) {
    database.prepare('INSERT INTO images VALUES (?, ?)').run(id, `${id}`);
    database.prepare('INSERT INTO keypoints VALUES (?, 900, 6, NULL)').run(id);
    database.prepare('INSERT INTO descriptors VALUES (?, 900, 128, zeroblob(115200))').run(id);
    if (matched && id > 1) {
      const pair = BigInt(id - 1) * PAIR_BASE + BigInt(id);
      database.prepare('INSERT INTO two_view_geometries VALUES (?, 80, 2)').run(pair);
    }
  }
  database.close();
}

function modelText(names: readonly string[]): Record<string, string> {
  const images = names.map((name, at) => {
    const half = (at - names.length / 2) / 20;
    const places = Array.from(
      { length: 60 },
      (_, place) => `${(place % 10) * 32} ${Math.floor(place / 10) * 40} ${place + 1}`,
    );
    return `${at + 1} ${Math.cos(half)} 0 ${Math.sin(half)} 0 0 0 5 1 ${name}\n${places.join(' ')}\n`;
  });
  const { count, positions } = square();
  const track = names.map((_, at) => `${at + 1} 0`).join(' ');
  const points = Array.from({ length: count }, (_, at) => {
    const [x, y, z] = positions.subarray(3 * at, 3 * at + 3);
    return `${at + 1} ${x} ${y} ${z} 200 80 40 0.4 ${track}\n`;
  });
  return {
    'cameras.txt': '1 SIMPLE_PINHOLE 320 240 240 160 120\n',
    'images.txt': images.join(''),
    'points3D.txt': points.join(''),
  };
}

function square() {
  const count = SIDE * SIDE;
  const positions = Float64Array.from({ length: 3 * count }, (_, at) => {
    const point = Math.floor(at / 3);
    return [(point % SIDE) / SIDE - 0.5, Math.floor(point / SIDE) / SIDE - 0.5, 0][at % 3]!;
  });
  const normals = Float32Array.from({ length: 3 * count }, (_, at) => (at % 3 === 2 ? -1 : 0));
  return { count, positions, normals, colours: new Uint8Array(3 * count).fill(120) };
}
