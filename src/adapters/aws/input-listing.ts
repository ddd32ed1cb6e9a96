import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { InputError } from '#core/errors';
import type { InputListing } from '#core/ports';
import { answerOf, statusOf } from './service-errors.ts';

const S3_PREFIX = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(?<key>.*)$/s;

/** Objects by the beginning of their keys; the marks of folders are none. */
export function openInputListing({ s3 }: { s3: S3Client }): InputListing {
  return {
    async *below(prefix) {
      const { bucket: Bucket, key: Prefix } = addressOf(prefix);
      const pages = paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })[Symbol.asyncIterator]();
      for (;;) {
        const { value, done } = await asInput(prefix, pages.next());
        if (done) return;
        for (const { Key } of value.Contents ?? []) if (Key && !Key.endsWith('/')) yield `s3://${Bucket}/${Key}`;
      }
    },
  };
}

function addressOf(prefix: string): { bucket: string; key: string } {
  const parts = S3_PREFIX.exec(prefix)?.groups as { bucket: string; key: string } | undefined;
  if (parts) return parts;
  throw new InputError(
    `${JSON.stringify(prefix)} is not s3://bucket/ with the beginning of a key, which is what a prefix on AWS is.`,
    { details: { prefix } },
  );
}

async function asInput<T>(prefix: string, call: Promise<T>): Promise<T> {
  try {
    return await answerOf(call);
  } catch (cause) {
    const status = statusOf(cause);
    if (status === undefined) throw cause;
    const why =
      status === 403
        ? 'this platform may not. Allow it s3:ListBucket there, or upload the files.'
        : `S3 says ${(cause as Error).name} (${status}).`;
    throw new InputError(`${prefix} can't be listed: ${why}`, { details: { prefix, status }, cause });
  }
}
