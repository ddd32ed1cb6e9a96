/**
 * Writes the manifest of a batch: one line for each activity of an export that has recordings.
 *   node scripts/letter-batch.ts activities.parquet --recordings FOLDER > batch.jsonl
 *   node scripts/letter-batch.ts activities.csv --list addresses.txt --export s3://bucket/activities.csv > batch.jsonl
 *   npx stepreel batch submit letter-asr --manifest batch.jsonl --wait
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { batchItems } from '#workloads/letter-asr/activities/batch-items';
import { readActivities } from '#workloads/letter-asr/activities/read-activities';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { recordings: { type: 'string' }, list: { type: 'string' }, export: { type: 'string' } },
});
const [path] = positionals;
if (path === undefined || (values.recordings === undefined) === (values.list === undefined)) {
  console.error('Expected the export, and either --recordings FOLDER or --list FILE with an address a line.');
  process.exit(64);
}
const { activities, notes } = await readActivities(path, basename(path));
const addresses = values.list === undefined ? await wavsBelow(resolve(values.recordings!)) : await linesOf(values.list);
const { items, without } = batchItems(activities, addresses, values.export ?? resolve(path));
for (const item of items) process.stdout.write(`${JSON.stringify(item)}\n`);
for (const note of notes) console.error(note);
if (without.length > 0)
  console.error(`${without.length} activities have no recording: ${without.slice(0, 5).join(', ')}`);
if (items.length === 0) process.exitCode = 65;

async function wavsBelow(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.toLowerCase().endsWith('.wav')).map((file) => join(folder, file));
}

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line.toLowerCase().endsWith('.wav'));
}
