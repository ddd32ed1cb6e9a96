import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { InputError } from '#core/errors';
import type { Row } from './fields.ts';
import { parquetRows } from './parquet-rows.ts';

/** What the file of activities may end in. */
export const ACTIVITY_ENDINGS = ['.json', '.jsonl', '.ndjson', '.csv', '.parquet'];

/** The rows of an export by the ending of its name. @throws InputError that says where it is not of that form. */
export async function readRows(path: string, name: string): Promise<Row[]> {
  const ending = name.slice(name.lastIndexOf('.')).toLowerCase();
  try {
    if (ending === '.parquet') return await parquetRows(path);
    const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
    if (ending === '.csv') return parse(text, { columns: true, skip_empty_lines: true, trim: true });
    return ending === '.json' ? rowsOf(JSON.parse(text)) : linesOf(text);
  } catch (cause) {
    throw new InputError(
      `${name} can't be read as ${ending.slice(1)}: ${(cause as Error).message}. Correct the file.`,
      {
        details: { name },
        cause,
      },
    );
  }
}

function linesOf(text: string): Row[] {
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    try {
      return rowsOf(JSON.parse(line));
    } catch (cause) {
      throw new Error(`line ${at + 1}: ${(cause as Error).message}`, { cause });
    }
  });
}

function rowsOf(value: unknown): Row[] {
  if (Array.isArray(value)) return value.flatMap(rowsOf);
  if (typeof value === 'object' && value !== null) return [value as Row];
  throw new Error(`expected an object, found ${JSON.stringify(value)}`);
}
