import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { InputError } from '#core/errors';
import type { ByteSource } from '#core/step';
import { type BatchItem, batchItemSchema, itemKeySchema } from './batch-item.ts';
import { textLines } from './text-lines.ts';

// An item is an address and some parameters.
const MAX_LINE_BYTES = 64 * 1024;
const MAX_MANIFEST_BYTES = 100 * 1024 ** 2;
const PIECE_BYTES = 1024 ** 2;

/** Names of the columns: `params.every` is the parameter `every`. */
const COLUMN = /^(input|key|params|params\.[\w-]+)$/;

/**
 * The items of a manifest, in order, with no more of it held than a piece. `.jsonl` and `.ndjson` have an address or an
 * item a line; `.csv` has a head with `input` and, if wanted, `key`, `params` (a JSON object) and `params.<name>`.
 * @throws InputError that names the line that is not of that form.
 */
export async function* readManifest(source: ByteSource, uri: string): AsyncGenerator<BatchItem> {
  if (source.size > MAX_MANIFEST_BYTES) {
    throw new InputError(
      `${uri} has ${source.size} bytes; a manifest has at most ${MAX_MANIFEST_BYTES}. Send it in parts.`,
    );
  }
  const read = readerFor(uri);
  try {
    yield* read(piecesOf(source));
  } catch (thrown) {
    throw thrown instanceof InputError ? new InputError(`${uri}: ${thrown.message}`, { cause: thrown }) : thrown;
  }
}

function readerFor(uri: string): (pieces: AsyncIterable<Uint8Array>) => AsyncGenerator<BatchItem> {
  const path = uri.replace(/\?versionId=[^?/]*$/, '').toLowerCase();
  if (/\.(jsonl|ndjson)$/.test(path)) return readJsonLines;
  if (path.endsWith('.csv')) return readCsv;
  throw new InputError(`${uri} is no manifest by its name. Expected one that ends with .jsonl, .ndjson or .csv.`);
}

async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < source.size; offset += PIECE_BYTES) {
    yield await source.read(offset, Math.min(PIECE_BYTES, source.size - offset));
  }
}

async function* readJsonLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<BatchItem> {
  for await (const { text, number } of textLines(pieces, MAX_LINE_BYTES)) {
    if (text.trim() === '') continue;
    const value = parseJson(text);
    if (value === undefined) throw new InputError(`Line ${number} is not JSON. Expected an address or an item a line.`);
    yield itemOf(value, number);
  }
}

async function* readCsv(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<BatchItem> {
  const parser = parse({
    bom: true,
    columns: checkedColumns,
    info: true,
    max_record_size: MAX_LINE_BYTES,
    skip_empty_lines: true,
    trim: true,
  });
  // The reader of the parser hears of whatever goes wrong before it.
  const fed = pipeline(Readable.from(pieces, { objectMode: false }), parser).catch(() => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRow>) yield itemOf(rowItem(record), info.lines);
  } catch (thrown) {
    throw thrown instanceof CsvError ? asInputError(thrown) : thrown;
  } finally {
    parser.destroy();
    await fed;
  }
}

interface CsvRow {
  record: Record<string, string>;
  info: { lines: number };
}

function checkedColumns(names: string[]): string[] {
  const columns = names.map((name) => name.trim());
  const unknown = columns.filter((name) => !COLUMN.test(name));
  const isTwice = new Set(columns).size < columns.length;
  if (columns.includes('input') && unknown.length === 0 && !isTwice) return columns;
  throw new InputError(
    `Line 1 has the columns ${JSON.stringify(columns)}. Expected input and, if wanted, key, params and params.<name>, each once.`,
  );
}

/** A cell that is empty says nothing. A parameter is read as JSON where it is JSON, and as text otherwise. */
function rowItem(row: Record<string, string>): unknown {
  const cells = Object.entries(row).filter(([, text]) => text !== '');
  const single = cells
    .filter(([name]) => name.startsWith('params.'))
    .map(([name, text]) => [name.slice('params.'.length), parseJson(text) ?? text]);
  const { input, key, params } = Object.fromEntries(cells);
  const all = params === undefined ? {} : parseJson(params);
  const isObject = z.record(z.string(), z.unknown()).safeParse(all).success;
  return {
    input,
    ...(key === undefined ? {} : { key }),
    ...(params !== undefined || single.length > 0
      ? { params: isObject ? { ...(all as object), ...Object.fromEntries(single) } : params }
      : {}),
  };
}

function itemOf(value: unknown, line: number): BatchItem {
  const checked = batchItemSchema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = z.object({ input: z.unknown(), key: itemKeySchema.optional() }).safeParse(value).error?.issues ?? [];
  const why = issue ? ` (${issue.path.join('.')} ${issue.message})` : '';
  throw new InputError(
    `Line ${line} is no item${why}. Expected an address, or {"input": address, "params": {}, "key": name}.`,
  );
}

function asInputError({ code, message, ...where }: CsvError): InputError {
  const { lines } = where as { lines?: number };
  const place = lines === undefined ? '' : `Line ${lines}: `;
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return new InputError(
      `${place}it has more than ${MAX_LINE_BYTES} bytes. Write shorter lines, and close every quote.`,
    );
  }
  return new InputError(`${place}it is not CSV as RFC 4180 has it: ${message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
