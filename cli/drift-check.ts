import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { openInputFile } from '#adapters/local/input-files';
import { parseCoco } from '#annotation/formats/coco';
import { InputError, InputNotFoundError } from '#core/errors';
import { compareSamples } from '#inference/drift/compare';
import { detectionFeatures, openPictureMeter, soundFeatures } from '#inference/drift/features';
import type { FeatureDrift, Sample } from '#inference/drift/stability';
import { alignColumns } from './describe-params.ts';

export interface DriftOptions {
  reference: string[];
  recent: string[];
  /** Keeps what was measured of the recent inputs, to be a reference later. */
  save?: string;
}

type Row = Record<string, number | string>;

const keptSchema = z.object({
  sample: z.literal(1),
  features: z.record(z.string(), z.union([z.array(z.number()).min(1), z.array(z.string()).min(1)])),
});

/** `models drift`: exit code 78 when recent inputs are no longer what the reference sample was. */
export async function checkDrift({ reference, recent, save }: DriftOptions, json: boolean): Promise<void> {
  const before = await sampleOf(reference);
  const after = await sampleOf(recent);
  const features = compareSamples(before, after);
  if (save !== undefined) await writeFile(save, `${JSON.stringify({ sample: 1, features: after })}\n`);
  const drifted = features.filter(({ verdict }) => verdict === 'drifted');
  if (drifted.length > 0) process.exitCode = 78;
  if (json) process.stdout.write(`${JSON.stringify({ event: 'drift', drifted: drifted.length > 0, features })}\n`);
  else process.stdout.write(describe(features));
}

function describe(features: FeatureDrift[]): string {
  const rows = features.map(({ feature, verdict, psi, byChance, reference, recent, shift }) => [
    ...[feature, verdict, psi.toFixed(3), byChance.toFixed(3)],
    ...[shift === undefined ? '' : shift.toFixed(2), `${reference}`, `${recent}`],
  ]);
  return alignColumns([['feature', 'verdict', 'PSI', 'by chance', 'shift', 'reference', 'recent'], ...rows]);
}

/** What can be measured of files and folders: pictures, sound, detections, lines of numbers, or a sample that was kept. */
async function sampleOf(paths: readonly string[]): Promise<Sample> {
  const kept = paths.length === 1 ? await keptSample(paths[0]!) : undefined;
  if (kept) return kept;
  const columns = new Map<string, (number | string)[]>();
  const add = (rows: readonly Row[]) => {
    for (const [feature, value] of rows.flatMap((row) => Object.entries(row))) {
      columns.set(feature, [...(columns.get(feature) ?? []), value]);
    }
  };
  const pictures = openPictureMeter();
  for (const path of await filesIn(paths)) add(await rowsOf(path, pictures));
  if (columns.size > 0) return Object.fromEntries(columns) as Sample;
  throw new InputError(
    `There is nothing to measure in ${paths.join(', ')}. Name pictures (.jpg, .png), sound (.wav), detections (.coco.json), lines of numbers (.jsonl), or folders of them.`,
  );
}

async function keptSample(path: string): Promise<Sample | undefined> {
  if (!path.endsWith('.json') || path.endsWith('.coco.json')) return undefined;
  const checked = keptSchema.safeParse(parsed(await textOf(path)));
  if (checked.success) return checked.data.features;
  throw new InputError(`${path} is no sample that --save kept: ${z.prettifyError(checked.error)}`);
}

const MEASURED = /\.(jpe?g|png|wav|coco\.json)$/i;
const LINES = /\.jsonl$/i;

/** Files as they were named, and of folders those that can be measured, in order. Lines have to be named: a result has some too. */
async function filesIn(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const kind = await stat(path).catch((cause: unknown) => {
      throw new InputNotFoundError(`${path} can't be read. Name a file or a folder.`, { cause });
    });
    if (!kind.isDirectory()) found.push(path);
    else {
      const below = (await readdir(path, { recursive: true })).filter((name) => MEASURED.test(name));
      found.push(...below.sort().map((name) => join(path, name)));
    }
  }
  return found;
}

async function rowsOf(path: string, pictures: ReturnType<typeof openPictureMeter>): Promise<Row[]> {
  const name = basename(path);
  if (/\.(jpe?g|png)$/i.test(name)) return [await pictures(path)];
  if (/\.wav$/i.test(name)) {
    const source = await openInputFile({ name, uri: resolve(path) });
    try {
      return [await soundFeatures(source, name)];
    } finally {
      await source.close();
    }
  }
  if (LINES.test(name)) return linesOf(await textOf(path), path);
  if (!/\.coco\.json$/i.test(name)) throw new InputError(`${path} is nothing that can be measured.`);
  const { boxes, pictures: counts } = detectionFeatures(cocoIn(await textOf(path), path));
  return [...boxes, ...counts];
}

/** Numbers, and texts of few kinds: a name or a digest is another one in each line, and says nothing. */
function linesOf(text: string, path: string): Row[] {
  const rows = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, at) => {
      const row = parsed(line);
      if (typeof row === 'object' && row !== null) return row as Record<string, unknown>;
      throw new InputError(`Line ${at + 1} of ${path} is no JSON object.`);
    });
  const kinds = (field: string) => new Set(rows.map((row) => row[field])).size;
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((field) => {
    const types = new Set(rows.flatMap((row) => (field in row ? [typeof row[field]] : [])));
    return types.size === 1 && (types.has('number') || (types.has('string') && kinds(field) <= MOST_KINDS));
  });
  return rows.map(
    (row) => Object.fromEntries(fields.flatMap((field) => (field in row ? [[field, row[field]]] : []))) as Row,
  );
}

const MOST_KINDS = 50;

function cocoIn(text: string, path: string) {
  try {
    return parseCoco(JSON.parse(text));
  } catch (cause) {
    throw new InputError(`${path} is no COCO file: ${(cause as Error).message}`, { cause });
  }
}

async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new InputNotFoundError(`${path} can't be read.`, { cause });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller, with what was expected.
    return undefined;
  }
}
