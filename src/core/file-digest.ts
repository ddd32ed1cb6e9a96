import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { sha256Hex } from './names.ts';

// Below this, reading a file whole is quicker than streaming it.
const SMALL_BYTES = 1024 ** 2;

/** SHA-256 and size of a local file, in flat memory. */
export async function digestFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const { size: bytes } = await stat(path);
  if (bytes < SMALL_BYTES) return { sha256: sha256Hex(await readFile(path)), bytes };
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { sha256: hash.digest('hex'), bytes };
}
