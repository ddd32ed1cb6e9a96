import { z } from 'zod';
import type { Job } from '#core/job';
import { type ArrivalPorts, acceptArrival, partsOfKey, SIDECAR_ENDING } from './upload-arrival.ts';

/**
 * What EventBridge says when an object was created, as far as it is read; its key is not URL-encoded. Source:
 * docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export const uploadEventSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.literal('Object Created'),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string(),
      size: z.number().optional(),
      etag: z.string().optional(),
      'version-id': z.string().optional(),
    }),
  }),
});

export type UploadEvent = z.infer<typeof uploadEventSchema>;

export type UploadEventPorts = ArrivalPorts;

// Whoever may write to the bucket may submit; which team that is, no object can say of itself.
const TEAM = 'default';

/**
 * Makes an object that arrived under `incoming/<workload>/` a job, once, however often and in whatever order its events
 * come: the job's key is the object's version.
 * @returns the job, or undefined for a sidecar and for a folder's own mark.
 */
export async function acceptUpload({ detail }: UploadEvent, ports: UploadEventPorts): Promise<Job | undefined> {
  const { bucket, object } = detail;
  const { key, etag = '', 'version-id': version } = object;
  if (key.endsWith('/')) return undefined;
  const uri = `s3://${bucket.name}/${key}`;
  const path = partsOfKey(key).path || key;
  const input = {
    name: path.slice(path.lastIndexOf('/') + 1),
    uri: `${uri}${version === undefined ? '' : `?versionId=${version}`}`,
  };
  const sidecar = { name: `${uri}${SIDECAR_ENDING}`, uri: `${uri}${SIDECAR_ENDING}` };
  return await acceptArrival({ team: TEAM, key, identity: `${uri}?${version ?? etag}`, input, sidecar }, ports);
}
