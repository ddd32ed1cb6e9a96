import { z } from 'zod';
import { InputError, InputNotFoundError, isRefusal } from '#core/errors';
import type { Job, JobInput } from '#core/job';
import { jobId } from '#core/names';
import type { ArtifactStore } from '#core/ports';
import type { Workload } from '#core/workload';
import { RequestRefused } from './refusal.ts';
import { clientJobId, type SubmitPorts, submitJob } from './submit.ts';

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

export interface UploadEventPorts extends SubmitPorts {
  artifacts: Pick<ArtifactStore, 'openInput'>;
}

// Whoever may write to the bucket may submit; which team that is, no object can say of itself.
const TEAM = 'default';
/** The name that a record goes by when its object belongs to no workload. */
const UNMATCHED = 'unmatched';
const SIDECAR_ENDING = '.json';
const MAX_SIDECAR_BYTES = 64 * 1024;

/**
 * Makes an object that arrived under `incoming/<workload>/` a job, once, however often and in whatever order its events
 * come: the job's key is the object's version. Parameters may lie beside it in `<key>.json` before it arrives; nothing
 * waits for them. What belongs to no workload, or is refused, leaves a REJECTED record that says why.
 * @returns the job, or undefined for a sidecar and for a folder's own mark.
 */
export async function acceptUpload({ detail }: UploadEvent, ports: UploadEventPorts): Promise<Job | undefined> {
  const { bucket, object } = detail;
  const [, name = '', path = ''] = /^incoming\/([^/]+)\/(.+)$/s.exec(object.key) ?? [];
  if (object.key.endsWith('/')) return undefined;

  const version = object['version-id'] ?? object.etag ?? '';
  const upload = { key: `s3://${bucket.name}/${object.key}?${version}`, input: inputOf(detail, path || object.key) };
  const workload = await ports.registry.get(name).catch((thrown) => {
    if (isRefusal(thrown)) return undefined;
    throw thrown;
  });
  if (!workload) return await recordRejected(upload, UNMATCHED, await unknownWorkload(object.key, ports), ports);
  if (isSidecar(object.key, workload)) return undefined;

  const id = clientJobId(workload.name, TEAM, upload.key);
  const earlier = await ports.jobs.get(id);
  if (earlier) return earlier;
  try {
    requireEnding(object.key, workload);
    const params = await sidecarParams(detail, ports.artifacts);
    const request = { workload: workload.name, input: [upload.input], params, team: TEAM, key: upload.key };
    return (await submitJob(request, ports)).job;
  } catch (thrown) {
    // The same event is being worked on elsewhere, or was between two versions of the sidecar: there is a job.
    if (thrown instanceof RequestRefused) return await ports.jobs.get(id);
    if (!isRefusal(thrown)) throw thrown;
    return await recordRejected(upload, workload.name, thrown, ports, workload);
  }
}

function inputOf({ bucket, object }: UploadEvent['detail'], path: string): JobInput {
  const version = object['version-id'];
  const query = version === undefined ? '' : `?versionId=${version}`;
  return { name: path.slice(path.lastIndexOf('/') + 1), uri: `s3://${bucket.name}/${object.key}${query}` };
}

async function unknownWorkload(key: string, { registry }: UploadEventPorts): Promise<InputError> {
  const names = (await registry.list()).map(({ name }) => `incoming/${name}/`).join(', ');
  return new InputError(`${key} belongs to no workload. Objects become jobs below: ${names}.`, { details: { key } });
}

/** `clip.mp4.json` carries the parameters of `clip.mp4`. */
function isSidecar(key: string, workload: Workload): boolean {
  return key.toLowerCase().endsWith(SIDECAR_ENDING) && hasEnding(key.slice(0, -SIDECAR_ENDING.length), workload);
}

function requireEnding(key: string, workload: Workload): void {
  if (hasEnding(key, workload)) return;
  throw new InputError(
    `${workload.name} takes no such file: ${key} ends with none of ${workload.input.endings.join(', ')} (upper or lower case).`,
    { details: { key } },
  );
}

function hasEnding(key: string, { input: { endings } }: Workload): boolean {
  return endings.some((ending) => key.toLowerCase().endsWith(ending.toLowerCase()));
}

async function sidecarParams(
  { bucket, object }: UploadEvent['detail'],
  artifacts: UploadEventPorts['artifacts'],
): Promise<Record<string, unknown>> {
  const uri = `s3://${bucket.name}/${object.key}${SIDECAR_ENDING}`;
  const text = await readSmall({ name: uri, uri }, artifacts);
  if (text === undefined) return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw new InputError(`${uri} is not a JSON object of parameters.`, { details: { uri }, cause });
  }
}

async function readSmall(input: JobInput, artifacts: UploadEventPorts['artifacts']): Promise<string | undefined> {
  const source = await artifacts.openInput(input).catch((thrown) => {
    if (thrown instanceof InputNotFoundError) return undefined;
    throw thrown;
  });
  if (!source) return undefined;
  try {
    if (source.size <= MAX_SIDECAR_BYTES) return Buffer.from(await source.read(0, source.size)).toString();
    throw new InputError(`${input.uri} has ${source.size} bytes; parameters take at most ${MAX_SIDECAR_BYTES}.`);
  } finally {
    await source.close();
  }
}

async function recordRejected(
  { key, input }: { key: string; input: JobInput },
  name: string,
  { name: error, message }: Error,
  { jobs, now = () => new Date() }: UploadEventPorts,
  workload?: Workload,
): Promise<Job> {
  const at = now().toISOString();
  const id = name === UNMATCHED ? jobId(UNMATCHED, key) : clientJobId(name, TEAM, key);
  const job: Job = {
    id,
    workload: name,
    workloadVersion: workload?.version ?? '0.0.0',
    team: TEAM,
    project: 'default',
    priority: 'normal',
    pool: 'cpu',
    status: 'REJECTED',
    input: [input],
    params: {},
    error: { name: error, message },
    degraded: [],
    createdAt: at,
    endedAt: at,
  };
  return (await jobs.create(job)) ? job : (await jobs.get(id))!;
}
