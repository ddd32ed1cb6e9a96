import type { S3Client } from '@aws-sdk/client-s3';
import { InputError, InputNotFoundError } from '#core/errors';
import type { JobInput } from '#core/job';
import type { ByteSource } from '#core/step';
import type { FreeBytes } from '../disk.ts';
import { downloadObject, localPath } from './s3-download.ts';
import { type FoundObject, findObject, isMissing, type ObjectAddress, readRange } from './s3-objects.ts';
import { isNamed, statusOf } from './service-errors.ts';

/** Ranged reads of an input. Its size and ETag are looked up once. */
export async function openInput(s3: S3Client, input: JobInput): Promise<ByteSource> {
  const object = await findInput(s3, input);
  return {
    size: object.bytes,
    read: (offset, length) => asInput(input, readRange(s3, object, offset, length)),
    close: async () => {},
  };
}

/** A file with an input's bytes. @throws ResourceError before fetching when the disk has no room for it. */
export async function fetchInput(s3: S3Client, input: JobInput, folder: string, freeBytes?: FreeBytes) {
  const object = await findInput(s3, input);
  return await asInput(input, downloadObject(s3, object, localPath(folder, object), freeBytes));
}

/**
 * SHA-256 of the whole object where S3 itself has checked one; otherwise the object is only ever the same as itself,
 * because the ETag of an encrypted or multipart object says nothing of its bytes.
 */
export async function inputDigest(s3: S3Client, input: JobInput): Promise<string> {
  const object = await findInput(s3, input, { checksum: true });
  return object.checkedSha256 ? `sha256:${object.checkedSha256}` : `s3:${input.uri}#${stampOf(object)}`;
}

export async function inputStamp(s3: S3Client, input: JobInput): Promise<string> {
  return stampOf(await findInput(s3, input));
}

function stampOf({ etag = '', bytes, currentVersion = '' }: FoundObject): string {
  return [etag, bytes, currentVersion].join('-');
}

const S3_URI =
  /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(?<key>.+?)(?:\?versionId=(?<versionId>[\w.-]+))?$/s;

/** `s3://bucket/key`, with `?versionId=` for one version. @throws InputError for anything else. */
export function parseInput({ name, uri }: JobInput): ObjectAddress {
  const parts = S3_URI.exec(uri)?.groups as { bucket: string; key: string; versionId?: string } | undefined;
  if (parts) {
    const { bucket, key, versionId } = parts;
    return { bucket, key, ...(versionId ? { versionId } : {}) };
  }
  throw new InputError(
    `${JSON.stringify(name)} lies at ${JSON.stringify(uri)}; a job on AWS reads s3://bucket/key. Upload the file and name the object.`,
    { details: { name, uri } },
  );
}

async function findInput(s3: S3Client, input: JobInput, options?: { checksum?: boolean }): Promise<FoundObject> {
  const object = await asInput(input, findObject(s3, parseInput(input), options));
  if (object) return object;
  throw new InputNotFoundError(`Can't read the input ${JSON.stringify(input.name)}: there is no object ${input.uri}.`, {
    details: { ...input },
  });
}

/** Says what is wrong with an input that S3 does not give us; only what passes stays what it is. */
async function asInput<T>(input: JobInput, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    const status = statusOf(cause);
    if (status === undefined) throw cause;
    const Refusal = isMissing(cause) ? InputNotFoundError : InputError;
    throw new Refusal(`Can't read the input ${JSON.stringify(input.name)} at ${input.uri}: ${reason(status, cause)}`, {
      details: { ...input, status },
      cause,
    });
  }
}

function reason(status: number, cause: unknown): string {
  if (isNamed(cause, 'InvalidObjectState')) return 'it is archived. Restore the object first.';
  if (isMissing(cause)) return 'it is gone.';
  if (status === 403) {
    return 'this platform may not. Allow its task role s3:GetObject and s3:ListBucket there (and kms:Decrypt, where a key of yours encrypts it), or upload the file to the platform.';
  }
  if (status === 412)
    return 'it was replaced while it was read. Submit the job again, or name one version of the object.';
  if (status === 301) return 'its bucket is in another region. Copy it into a bucket of this one.';
  return `S3 says ${(cause as Error).name} (${status}). Expected an object that can be read.`;
}
