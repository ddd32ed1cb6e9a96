import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { Artifact } from '#core/artifact';
import type { StepArtifacts } from '#core/step';
import { closeDatabase } from '#photogrammetry/database';
import { DATABASE_FILE } from './contract.ts';

/** Leaves the database for the next step, packed. @returns its size before and after. */
export async function putDatabase(path: string, artifacts: StepArtifacts) {
  closeDatabase(path);
  const packed = `${path}.zst`;
  const level = { params: { [constants.ZSTD_c_compressionLevel]: 6 } };
  await pipeline(createReadStream(path), createZstdCompress(level), createWriteStream(packed));
  const { bytes } = await artifacts.putFile(DATABASE_FILE, packed, { mediaType: 'application/zstd' });
  return { stored: bytes };
}

/** Unpacks the database that an earlier step left to a path of this step's own, where it may be written to. */
export async function takeDatabase(files: Artifact[], path: string, artifacts: StepArtifacts): Promise<void> {
  const packed = await artifacts.local(files.find(({ name }) => name === DATABASE_FILE)!);
  await pipeline(createReadStream(packed), createZstdDecompress(), createWriteStream(path));
}

export async function bytesOf(path: string): Promise<number> {
  return (await stat(path)).size;
}
