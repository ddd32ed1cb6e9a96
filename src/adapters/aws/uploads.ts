import { randomUUID } from 'node:crypto';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { requireKey } from '#core/artifact-key';
import { InputNotFoundError } from '#core/errors';
import type { Uploads } from '#core/ports';
import { findArtifact } from './artifact-store.ts';

export interface S3UploadsOptions {
  s3: S3Client;
  uploadsBucket: string;
  workBucket: string;
  resultsBucket: string;
}

// Long enough to send a large file on a slow line: the policy is checked when the form has arrived.
const POST_SECONDS = 60 * 60;

const LINK_SECONDS = 15 * 60;

/** Signed ways into the uploads bucket and out of the other two. A signature is good for no longer than the role's session. */
export function openUploads({ s3, uploadsBucket, ...buckets }: S3UploadsOptions): Uploads {
  return {
    async presign({ team, name, mediaType, maxBytes }) {
      const id = randomUUID();
      const key = requireKey(`uploads/${team}/${id}/${safeName(name)}`);
      const expiresAt = new Date(Date.now() + POST_SECONDS * 1000).toISOString();
      const { url, fields } = await createPresignedPost(s3, {
        Bucket: uploadsBucket,
        Key: key,
        // Only a POST policy can cap the size. What the fields say the SDK makes conditions, too.
        Conditions: [['content-length-range', 1, maxBytes]],
        Fields: { 'Content-Type': mediaType },
        Expires: POST_SECONDS,
      });
      return { id, uri: `s3://${uploadsBucket}/${key}`, url, fields, expiresAt };
    },

    async link(key, fileName) {
      const found = await findArtifact({ s3, ...buckets }, requireKey(key));
      if (!found) throw new InputNotFoundError(`There is no artifact ${key}.`, { details: { key } });
      const request = new GetObjectCommand({
        Bucket: found.bucket,
        Key: key,
        ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeName(fileName)}`,
      });
      return await getSignedUrl(s3, request, { expiresIn: LINK_SECONDS });
    },
  };
}

const MAX_NAME = 100;

/** A name's last part with only what is harmless in URLs, shells and tools; its ending stays. */
function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1)!;
  const plain = last.normalize('NFKD').replaceAll(/[^\w.-]+/g, '-');
  const safe = plain
    .replace(/^[.-]+/, '')
    .slice(-MAX_NAME)
    .replace(/^[.-]+/, '');
  return safe === '' ? 'file' : safe;
}

/** As RFC 5987 wants it: `'`, `(`, `)` and `*` are not left as they are either. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
