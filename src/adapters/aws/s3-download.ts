import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { asResourceError } from '#core/disk-full';
import { TransientError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import { sha256Hex } from '#core/names';
import { type FreeBytes, requireFreeDisk } from '../disk.ts';
import { type FoundObject, streamRange } from './s3-objects.ts';

// One connection to S3 gives tens of megabytes a second; four fill what a task has.
const RANGE_BYTES = 16 * 1024 ** 2;
const CONCURRENCY = 4;

/**
 * Fetches an object into a file, which is visible under `path` when it is whole and its digest is right.
 * @throws ResourceError before anything is fetched when the disk has no room.
 */
export async function downloadObject(
  s3: S3Client,
  object: FoundObject,
  path: string,
  freeBytes?: FreeBytes,
): Promise<string> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  await requireFreeDisk(folder, object.bytes, freeBytes);
  const hidden = join(folder, `.${randomUUID()}.part`);
  try {
    const file = await open(hidden, 'wx');
    await fetchRanges(s3, object, file).finally(() => file.close());
    await requireWhole(hidden, object);
    await rename(hidden, path);
    return path;
  } catch (thrown) {
    await rm(hidden, { force: true });
    throw asResourceError(thrown, folder);
  }
}

/** Where an object is put locally: a name that no other one has, with the ending that tools look at. */
export function localPath(folder: string, { bucket, key, versionId = '' }: FoundObject): string {
  const digest = sha256Hex(`${bucket}\n${key}\n${versionId}`).slice(0, 16);
  const name = key.slice(key.lastIndexOf('/') + 1).replaceAll(/[^\w.-]/g, '-');
  return join(folder, `${digest}-${name.slice(-100)}`);
}

/** Settles when no range is being written any more. */
async function fetchRanges(s3: S3Client, object: FoundObject, file: FileHandle): Promise<void> {
  const stop = new AbortController();
  const starts = Array.from(
    { length: Math.ceil(object.bytes / RANGE_BYTES) },
    (_, index) => index * RANGE_BYTES,
  ).values();
  const write = (chunk: Uint8Array, offset: number) => writeAll(file, chunk, offset);
  const worker = async () => {
    for (const from of starts) {
      if (stop.signal.aborted) return;
      const range = { from, to: Math.min(from + RANGE_BYTES, object.bytes) };
      await streamRange(s3, object, range, write, stop.signal).catch((thrown) => stop.abort(thrown));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  stop.signal.throwIfAborted();
}

async function writeAll(file: FileHandle, chunk: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, offset + done);
    done += bytesWritten;
  }
}

async function requireWhole(path: string, { bucket, key, bytes, sha256 }: FoundObject): Promise<void> {
  if (sha256 === undefined) return;
  const found = await digestFile(path);
  if (found.bytes === bytes && found.sha256 === sha256) return;
  throw new TransientError(`s3://${bucket}/${key} came as other bytes than were put there.`, {
    details: { expected: { bytes, sha256 }, found },
  });
}
