import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { mediaTypeOf } from '#core/artifact';
import { requireKey } from '#core/artifact-key';
import { ContractError, InputNotFoundError, TransientError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import { sha256Hex } from '#core/names';
import type { ArtifactStore, StoredObject } from '#core/ports';
import type { PutOptions } from '#core/step';
import type { FreeBytes } from '../disk.ts';
import { downloadObject, localPath } from './s3-download.ts';
import { fetchInput, inputDigest, inputStamp, openInput } from './s3-inputs.ts';
import { type FoundObject, findObject, readRange } from './s3-objects.ts';
import { uploadObject } from './s3-upload.ts';
import { answerOf, statusOf } from './service-errors.ts';

export interface S3ArtifactStoreOptions {
  s3: S3Client;
  /** Where what only the job itself needs is kept, for a while. */
  workBucket: string;
  /** Where what is part of a result is kept. */
  resultsBucket: string;
  freeBytes?: FreeBytes;
}

/**
 * Artifacts in two buckets with one space of keys: what is put as part of a result goes to the results, all else to the
 * work. Reading looks in the work bucket first. A file that is put is taken over: it is gone where it was.
 */
export function openArtifactStore(options: S3ArtifactStoreOptions): ArtifactStore {
  const { s3, workBucket, resultsBucket, freeBytes } = options;

  const put = async (
    object: StoredObject,
    body: Uint8Array | NodeJS.ReadableStream,
    { mediaType = mediaTypeOf(object.key), result }: PutOptions = {},
  ): Promise<StoredObject> => {
    const bucket = result === undefined ? workBucket : resultsBucket;
    await allowed(bucket, 's3:PutObject', uploadObject(s3, { ...object, bucket, body, mediaType }));
    return object;
  };

  const find = (key: string) => findArtifact(options, requireKey(key));

  const require = async (key: string): Promise<FoundObject> => {
    const found = await find(key);
    if (found) return found;
    throw new InputNotFoundError(`There is no artifact ${key}.`, { details: { key } });
  };

  return {
    async putFile(key, path, options) {
      const stored = { key: requireKey(key), ...(await digestFile(path)) };
      await put(stored, createReadStream(path), options);
      await rm(path);
      return stored;
    },

    async putBytes(key, data, options) {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      return await put({ key: requireKey(key), sha256: sha256Hex(bytes), bytes: bytes.byteLength }, bytes, options);
    },

    async read(key) {
      const object = await require(key);
      return await allowed(object.bucket, 's3:GetObject', readRange(s3, object, 0, object.bytes));
    },

    async exists(key) {
      return (await find(key)) !== undefined;
    },

    async list(prefix) {
      const keys = await Promise.all([workBucket, resultsBucket].map((bucket) => keysIn(s3, bucket, prefix)));
      return [...new Set(keys.flat())].sort();
    },

    async local(key, folder) {
      const object = await require(key);
      const path = localPath(folder, object);
      return await allowed(object.bucket, 's3:GetObject', downloadObject(s3, object, path, freeBytes));
    },

    openInput: (input) => openInput(s3, input),
    localInput: (input, folder) => fetchInput(s3, input, folder, freeBytes),
    inputDigest: (input) => inputDigest(s3, input),
    inputStamp: (input) => inputStamp(s3, input),
  };
}

/** Which of the two buckets has an artifact, and what is known of it. */
export async function findArtifact(
  { s3, workBucket, resultsBucket }: Omit<S3ArtifactStoreOptions, 'freeBytes'>,
  key: string,
): Promise<FoundObject | undefined> {
  const lookUp = (bucket: string) => allowed(bucket, 's3:GetObject and s3:ListBucket', findObject(s3, { bucket, key }));
  return (await lookUp(workBucket)) ?? (await lookUp(resultsBucket));
}

async function keysIn(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const list = async () => {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
      keys.push(...Contents.map(({ Key }) => Key!));
    }
    return keys;
  };
  return await allowed(bucket, 's3:ListBucket', answerOf(list()));
}

/** Without s3:ListBucket S3 says 403 for an object that is not there, so a role must have it. */
async function allowed<T>(bucket: string, actions: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (statusOf(cause) === 412) throw new TransientError('An artifact was replaced while it was read.', { cause });
    if (statusOf(cause) !== 403) throw cause;
    throw new ContractError(`S3 refuses what is asked of the bucket ${bucket}. Give this role ${actions} on it.`, {
      cause,
    });
  }
}
