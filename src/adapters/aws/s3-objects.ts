import { GetObjectCommand, HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { TransientError } from '#core/errors';
import { retry } from '#core/retry';
import { answerOf, statusOf } from './service-errors.ts';

export interface ObjectAddress {
  bucket: string;
  key: string;
  versionId?: string;
}

/** An object as it was when it was found: reads name its ETag, so that another one in its place is noticed. */
export interface FoundObject extends ObjectAddress {
  bytes: number;
  etag?: string;
  /** Of the whole object, where this platform wrote it. */
  sha256?: string;
  /** Of the whole object, as hex digits, where S3 checked it when the object was put. */
  checkedSha256?: string;
  /** In a bucket with versions. */
  currentVersion?: string;
}

/** Looks an object up, with its checksum if asked for. @returns undefined when there is none. */
export async function findObject(
  s3: S3Client,
  address: ObjectAddress,
  { checksum = false }: { checksum?: boolean } = {},
): Promise<FoundObject | undefined> {
  try {
    const request = new HeadObjectCommand({ ...named(address), ...(checksum ? { ChecksumMode: 'ENABLED' } : {}) });
    const found = await answerOf(s3.send(request));
    const { ContentLength: bytes = 0, ETag: etag, Metadata: { sha256 } = {}, VersionId: currentVersion } = found;
    const checkedSha256 = checkedBy(found);
    return {
      ...address,
      bytes,
      ...(etag ? { etag } : {}),
      ...(sha256 ? { sha256 } : {}),
      ...(checkedSha256 ? { checkedSha256 } : {}),
      ...(currentVersion ? { currentVersion } : {}),
    };
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

/** The checksum of an object that came in parts is one of its parts' checksums, `-<parts>` behind it: it tells nothing here. */
function checkedBy({ ChecksumSHA256, ChecksumType }: HeadObjectCommandOutput): string | undefined {
  if (ChecksumSHA256 === undefined || ChecksumType === 'COMPOSITE' || ChecksumSHA256.includes('-')) return undefined;
  return Buffer.from(ChecksumSHA256, 'base64').toString('hex');
}

/** True for "there is no such object": 405 is what a deleted version answers. */
export function isMissing(thrown: unknown): boolean {
  return [404, 405].includes(statusOf(thrown) ?? 0);
}

// A range is asked for again this often when its bytes stop coming; the request itself the SDK retries.
const ATTEMPTS = 5;

/**
 * Hands the bytes from `from` up to `to` to `take`, in order and each once: after a broken connection it goes on where it
 * stopped. @throws TransientError when that does not help; the service's error otherwise.
 */
export async function streamRange(
  s3: S3Client,
  object: FoundObject,
  { from, to }: { from: number; to: number },
  take: (chunk: Uint8Array, offset: number) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  let offset = from;
  const fetchRest = async () => {
    const request = new GetObjectCommand({
      ...named(object),
      Range: `bytes=${offset}-${to - 1}`,
      ...(object.etag ? { IfMatch: object.etag } : {}),
    });
    const { Body, ContentRange } = await s3.send(request, signal ? { abortSignal: signal } : {});
    let at = startOf(ContentRange);
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      const wanted = chunk.subarray(Math.max(0, offset - at), Math.max(0, to - at));
      at += chunk.length;
      if (wanted.length > 0) await take(wanted, offset);
      offset += wanted.length;
      if (offset === to) break;
    }
    if (offset === to) return;
    throw new TransientError(
      `Expected ${to - from} bytes of s3://${object.bucket}/${object.key}, got ${offset - from}.`,
    );
  };
  if (from < to) await retry(() => answerOf(fetchRest()), { attempts: ATTEMPTS, ...(signal ? { signal } : {}) });
}

/** Where an answer begins: a server may send the whole object instead of the range (RFC 9110, section 14.2). */
function startOf(contentRange: string | undefined): number {
  return Number(/^bytes (\d+)-/.exec(contentRange ?? '')?.[1] ?? 0);
}

/** The bytes from `offset` on, at most `length`, fewer at the end of the object. */
export async function readRange(
  s3: S3Client,
  object: FoundObject,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const to = Math.min(offset + length, object.bytes);
  const bytes = Buffer.alloc(Math.max(0, to - offset));
  await streamRange(s3, object, { from: offset, to }, (chunk, at) => void bytes.set(chunk, at - offset));
  return bytes;
}

function named({ bucket, key, versionId }: ObjectAddress) {
  return { Bucket: bucket, Key: key, ...(versionId ? { VersionId: versionId } : {}) };
}
