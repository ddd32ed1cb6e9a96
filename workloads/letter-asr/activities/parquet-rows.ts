import { readFile } from 'node:fs/promises';
import { parquetReadObjects } from 'hyparquet';
import type { Row } from './fields.ts';

/** The rows of a Parquet file; uncompressed or Snappy, which is what exports come in. */
export async function parquetRows(path: string): Promise<Row[]> {
  const bytes = await readFile(path);
  return await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  });
}
