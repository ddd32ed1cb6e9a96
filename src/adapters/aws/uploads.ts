import { createHash, randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListParts,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { requireKey } from '#core/artifact-key';
import { InputError, InputNotFoundError } from '#core/errors';
import type { PartedUpload, SentPart, Uploads } from '#core/ports';
import { safeName } from '#core/safe-name';
import { findArtifact } from './artifact-store.ts';
import { parseInput } from './s3-inputs.ts';
import { findObject, isMissing, streamRange } from './s3-objects.ts';
import { answerOf, isNamed } from './service-errors.ts';

export interface S3UploadsOptions {
  s3: S3Client;
  uploadsBucket: string;
  workBucket: string;
  resultsBucket: string;
}

// Long enough to send a large file on a slow line: the policy is checked when the form has arrived.
const POST_SECONDS = 60 * 60;

const LINK_SECONDS = 15 * 60;

// The API has half a minute to answer.
const MAX_READ_BYTES = 1024 ** 3;

/** Signed ways into the uploads bucket and out of the other two. A signature is good for no longer than the role's session. */
export function openUploads({ s3, uploadsBucket, ...buckets }: S3UploadsOptions): Uploads {
  const placeOf = (team: string, name: string) => {
    const id = randomUUID();
    const key = requireKey(`uploads/${team}/${id}/${safeName(name)}`);
    return { id, key, uri: `s3://${uploadsBucket}/${key}` };
  };
  const objectAt = (uri: string) => {
    const { bucket, key, versionId } = parseInput({ name: uri, uri });
    return { Bucket: bucket, Key: key, ...(versionId ? { VersionId: versionId } : {}) };
  };
  const sendingOf = ({ uri, session }: PartedUpload) => ({ ...objectAt(uri), UploadId: session });

  return {
    async presign({ team, name, mediaType, maxBytes, sha256 }) {
      const { id, key, uri } = placeOf(team, name);
      const expiresAt = new Date(Date.now() + POST_SECONDS * 1000).toISOString();
      const { url, fields } = await createPresignedPost(s3, {
        Bucket: uploadsBucket,
        Key: key,
        // Only a POST policy can cap the size. What the fields say the SDK makes conditions, too.
        Conditions: [['content-length-range', 1, maxBytes]],
        Fields: { 'Content-Type': mediaType, ...checksumFields(sha256) },
        Expires: POST_SECONDS,
      });
      return { id, uri, url, fields, expiresAt };
    },

    async openParts({ team, name, mediaType }) {
      const { id, key, uri } = placeOf(team, name);
      const begin = new CreateMultipartUploadCommand({ Bucket: uploadsBucket, Key: key, ContentType: mediaType });
      return { id, uri, session: (await answerOf(s3.send(begin))).UploadId! };
    },

    async signPart(upload, { number }) {
      const request = new UploadPartCommand({ ...sendingOf(upload), PartNumber: number });
      return await getSignedUrl(s3, request, { expiresIn: POST_SECONDS });
    },

    async listParts(upload) {
      const parts: SentPart[] = [];
      const collect = async () => {
        for await (const { Parts = [] } of paginateListParts({ client: s3 }, sendingOf(upload))) {
          parts.push(
            ...Parts.map(({ PartNumber, Size, ETag }) => ({ number: PartNumber!, bytes: Size!, etag: ETag! })),
          );
        }
      };
      await answerOf(collect());
      return parts;
    },

    async joinParts(upload, parts) {
      const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
      const join = new CompleteMultipartUploadCommand({ ...sendingOf(upload), MultipartUpload: { Parts } });
      await answerOf(s3.send(join));
    },

    async find(uri) {
      const { bucket, key } = parseInput({ name: uri, uri });
      const found = await findObject(s3, { bucket, key }, { checksum: true });
      if (!found) return undefined;
      const { bytes, checkedSha256, currentVersion } = found;
      // The version that is looked at now is the one that a job gets, whatever is posted there later.
      const version = currentVersion && currentVersion !== 'null' ? `?versionId=${currentVersion}` : '';
      return { uri: `s3://${bucket}/${key}${version}`, bytes, ...(checkedSha256 ? { sha256: checkedSha256 } : {}) };
    },

    async digest({ uri, bytes, sha256 }) {
      if (sha256 !== undefined) return sha256;
      if (bytes > MAX_READ_BYTES) {
        throw new InputError(
          `sha256: the file has ${bytes} bytes, and at most ${MAX_READ_BYTES} are read to check one. Tell it when the upload begins, or leave it out.`,
        );
      }
      const { bucket, key, versionId } = parseInput({ name: uri, uri });
      const object = { bucket, key, bytes, ...(versionId ? { versionId } : {}) };
      const hash = createHash('sha256');
      await streamRange(s3, object, { from: 0, to: bytes }, (chunk) => void hash.update(chunk));
      return hash.digest('hex');
    },

    async remove({ uri, session }) {
      if (session !== undefined) {
        const abort = new AbortMultipartUploadCommand(sendingOf({ id: '', uri, session }));
        await answerOf(s3.send(abort)).catch((thrown) => {
          if (!isNamed(thrown, 'NoSuchUpload') && !isMissing(thrown)) throw thrown;
        });
      }
      await answerOf(s3.send(new DeleteObjectCommand(objectAt(uri))));
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

/** S3 compares the file with it when it comes, and refuses another one. */
function checksumFields(sha256: string | undefined): Record<string, string> {
  if (sha256 === undefined) return {};
  return {
    'x-amz-checksum-algorithm': 'SHA256',
    'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
  };
}

/** As RFC 5987 wants it: `'`, `(`, `)` and `*` are not left as they are either. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
