import { InputError } from '#core/errors';
import type { UploadForm, Uploads, WorkloadRegistry } from '#core/ports';
import type { Records } from '#core/records';
import { checkRequest } from './submit.ts';
import { UPLOAD, type Upload, type UploadPlan } from './upload.ts';

export interface UploadOrder {
  team: string;
  name: string;
  mediaType: string;
  maxBytes: number;
  bytes?: number | undefined;
  sha256?: string | undefined;
  multipart?: boolean | undefined;
  start?: Upload['start'];
}

export interface UploadPorts {
  uploads: Uploads;
  records: Records;
  registry: WorkloadRegistry;
  now?: () => Date;
}

const MIB = 1024 ** 2;
// Above this a line that breaks costs too much of what was sent.
const LARGE_BYTES = 100 * MIB;
// What S3 takes: at most 10,000 parts, and none but the last below 5 MiB.
const MOST_PARTS = 10_000;
const LEAST_PART_BYTES = 16 * MIB;
// Until then it can be completed; afterwards it is taken for abandoned and swept.
const OPEN_MS = 24 * 60 * 60 * 1000;

/** What somebody has to do to send the file. */
export type UploadWay = { upload: Upload; form?: Pick<UploadForm, 'url' | 'fields'> };

/** Opens an upload: a form for one file, or a plan of parts for a large one. @throws InputError for a job to start that could not be. */
export async function requestUpload(order: UploadOrder, ports: UploadPorts): Promise<UploadWay> {
  const { uploads, records, now = () => new Date() } = ports;
  if (order.start) await checkStart(order.start, ports);
  const { team, name, mediaType, maxBytes, bytes, sha256, start } = order;
  const inParts = order.multipart ?? (bytes ?? 0) > LARGE_BYTES;
  const createdAt = now().toISOString();
  const closesAt = new Date(now().getTime() + OPEN_MS).toISOString();
  const facts = {
    team,
    name,
    mediaType,
    maxBytes: bytes ?? maxBytes,
    ...(bytes === undefined ? {} : { bytes }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(start ? { start } : {}),
    createdAt,
  };
  const keep = async (upload: Upload) => {
    await records.create(UPLOAD, { id: upload.id, team, value: upload, expiresAt: closesAt });
    return upload;
  };
  if (inParts) {
    const plan = planParts(bytes);
    const { id, uri, session } = await uploads.openParts({ team, name, mediaType });
    return { upload: await keep({ id, uri, ...facts, parts: { session, ...plan }, expiresAt: closesAt }) };
  }
  const { id, uri, url, fields, expiresAt } = await uploads.presign({
    team,
    name,
    mediaType,
    maxBytes: facts.maxBytes,
    sha256,
  });
  return { upload: await keep({ id, uri, ...facts, expiresAt }), form: { url, fields } };
}

async function checkStart(start: NonNullable<Upload['start']>, { registry }: UploadPorts): Promise<void> {
  const workload = await registry.get(start.workload);
  checkRequest(workload, { ...start, input: [{ name: '', uri: '' }] });
}

function planParts(bytes: number | undefined): Omit<UploadPlan, 'session'> {
  if (bytes === undefined) {
    throw new InputError('bytes: a file that is sent in parts needs its size, which says how many they are.');
  }
  const partBytes = Math.max(LEAST_PART_BYTES, Math.ceil(bytes / MOST_PARTS / MIB) * MIB);
  return { partBytes, count: Math.max(1, Math.ceil(bytes / partBytes)) };
}

/** How many bytes a part has; parts count from 1. */
export function partBytesOf({ bytes = 0, parts }: Upload, number: number): number {
  const { partBytes, count } = parts!;
  return number < count ? partBytes : bytes - partBytes * (count - 1);
}
