import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { answerOf } from './service-errors.ts';

const MIB = 1024 ** 2;

// What parts in flight may take of a task's memory, whatever the size of the file.
const IN_FLIGHT_BYTES = 64 * MIB;
const PART_BYTES = 8 * MIB;
const MAX_PARTS = 10_000;
const MAX_CONCURRENCY = 4;

export interface NewObject {
  bucket: string;
  key: string;
  body: Uint8Array | NodeJS.ReadableStream;
  bytes: number;
  sha256: string;
  mediaType: string;
}

/** Puts an object, in parts when it is large. S3 checks the SHA-256 of each part; that of the whole goes with the object. */
export async function uploadObject(s3: S3Client, { bucket, key, body, bytes, sha256, mediaType }: NewObject) {
  const upload = new Upload({
    client: s3,
    ...uploadPlan(bytes),
    params: {
      Bucket: bucket,
      Key: key,
      Body: body as Buffer,
      ContentType: mediaType,
      ChecksumAlgorithm: 'SHA256',
      Metadata: { sha256 },
    },
  });
  await answerOf(upload.done());
}

/** Parts that S3 takes and memory has room for: more of them side by side while they are small. */
export function uploadPlan(bytes: number): { partSize: number; queueSize: number } {
  const partSize = Math.max(PART_BYTES, Math.ceil(bytes / MAX_PARTS / MIB) * MIB);
  const fitting = Math.floor(IN_FLIGHT_BYTES / partSize);
  return { partSize, queueSize: Math.max(1, Math.min(MAX_CONCURRENCY, fitting, Math.ceil(bytes / partSize))) };
}
