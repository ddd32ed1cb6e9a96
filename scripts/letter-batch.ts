/**
 * Writes the manifest of a batch: one line for each activity of an export that has recordings.
 *   node scripts/letter-batch.ts activities.parquet --recordings FOLDER > batch.jsonl
 *   node scripts/letter-batch.ts activities.parquet --recordings FOLDER --activity a17 --activity a18 > batch.jsonl
 *   node scripts/letter-batch.ts activities.csv --list addresses.txt --export s3://bucket/activities.csv > batch.jsonl
 *   npx stepreel batch submit letter-asr --manifest batch.jsonl --wait
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { itemsOf } from '#workloads/letter-asr/activities/orders';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    recordings: { type: 'string' },
    list: { type: 'string' },
    export: { type: 'string' },
    activity: { type: 'string', multiple: true },
  },
});
const [path] = positionals;
if (path === undefined || (values.recordings === undefined) === (values.list === undefined)) {
  console.error('Expected the export, and either --recordings FOLDER or --list FILE with an address a line.');
  process.exit(64);
}
const order = {
  export: values.export ?? resolve(path),
  recordings: values.recordings ?? values.list,
  ...(values.activity && { activities: values.activity }),
};
const { items, notes } = await itemsOf(order, {
  // What lies here is what the address will hold.
  local: async () => resolve(path),
  below: values.list === undefined ? filesBelow : linesOf,
});
for (const item of items) process.stdout.write(`${JSON.stringify(item)}\n`);
for (const note of notes) console.error(note);
if (items.length === 0) process.exitCode = 65;

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const file of await readdir(resolve(folder), { recursive: true })) yield join(resolve(folder), file);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  yield* (await readFile(file, 'utf8')).split(/\r?\n/);
}
