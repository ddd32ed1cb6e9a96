import { InputError } from '#core/errors';
import type { Job } from '#core/job';
import type { SentFile, SentPart } from '#core/ports';
import { RequestRefused } from './refusal.ts';
import { type SubmitPorts, submitJob } from './submit.ts';
import { UPLOAD, type Upload } from './upload.ts';
import { partBytesOf, type UploadPorts } from './upload-request.ts';

export interface CompletionClaim {
  sha256?: string | undefined;
  /** What the store answered each part with. */
  parts?: { number: number; etag: string }[] | undefined;
}

export type CompletePorts = UploadPorts & SubmitPorts;

// As long as records of jobs are kept.
const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * Closes an upload: all parts have to be there, and the file has to be of the size and the digest that were told. Then it is
 * an input, and the job that was asked for starts. Harmless when repeated.
 * @throws RequestRefused for what is missing or other than it was told; InputError for a claim that contradicts itself.
 */
export async function completeUpload(
  upload: Upload,
  claim: CompletionClaim,
  ports: CompletePorts,
): Promise<{ upload: Upload; job?: Job }> {
  const completed = upload.completedAt === undefined ? await close(upload, claim, ports) : upload;
  const { id, team, start, uri, name } = completed;
  if (!start) return { upload: completed };
  const { job } = await submitJob({ ...start, input: [{ name, uri }], team, key: `upload:${id}` }, ports);
  if (completed.jobId !== undefined) return { upload: completed, job };
  const kept = await ports.records.update<Upload>(UPLOAD, id, (current) => ({ ...current, jobId: job.id }));
  return { upload: kept?.value ?? completed, job };
}

async function close(upload: Upload, claim: CompletionClaim, ports: CompletePorts): Promise<Upload> {
  const { uploads, records, now = () => new Date() } = ports;
  const sha256 = expectedDigest(upload, claim);
  const file = (await uploads.find(upload.uri)) ?? (await joined(upload, claim, ports));
  if (!file) throw incomplete(upload, 'the file has not come');
  if (upload.bytes !== undefined && file.bytes !== upload.bytes) {
    throw incomplete(upload, `the file has ${file.bytes} bytes, and ${upload.bytes} were told`);
  }
  await requireDigest(upload, file, sha256, ports);
  const completedAt = now().toISOString();
  const facts = { uri: file.uri, bytes: file.bytes, ...(sha256 === undefined ? {} : { sha256 }) };
  const close = (current: Upload) =>
    current.completedAt === undefined ? { ...current, ...facts, completedAt } : current;
  const expiresAt = new Date(now().getTime() + KEPT_MS).toISOString();
  const kept = await records.update<Upload>(UPLOAD, upload.id, close, { expiresAt });
  if (kept) return kept.value;
  throw new RequestRefused('NoSuchUpload', `Upload ${upload.id} was deleted meanwhile.`, 'Begin with POST /uploads.');
}

function expectedDigest(upload: Upload, { sha256 = upload.sha256 }: CompletionClaim): string | undefined {
  if (upload.sha256 === undefined || sha256 === upload.sha256) return sha256;
  throw new InputError(`sha256: found ${sha256}, and ${upload.sha256} was told when the upload began.`);
}

/** The file of an upload in parts. @throws RequestRefused when a part is missing or other than it was planned. */
async function joined(
  upload: Upload,
  claim: CompletionClaim,
  { uploads }: CompletePorts,
): Promise<SentFile | undefined> {
  if (!upload.parts) return undefined;
  const { id, uri, parts } = upload;
  const sending = { id, uri, session: parts.session };
  const sent = await uploads.listParts(sending);
  requireParts(upload, sent, claim);
  await uploads.joinParts(sending, sent);
  return await uploads.find(uri);
}

const MOST_NAMED = 20;

function requireParts(upload: Upload, sent: SentPart[], { parts: claimed = [] }: CompletionClaim): void {
  const found = new Map(sent.map((part) => [part.number, part]));
  const wrong: string[] = [];
  for (let number = 1; number <= upload.parts!.count; number += 1) {
    const bytes = partBytesOf(upload, number);
    const part = found.get(number);
    if (!part) wrong.push(`part ${number} is missing`);
    else if (part.bytes !== bytes) wrong.push(`part ${number} has ${part.bytes} bytes instead of ${bytes}`);
  }
  if (sent.length > upload.parts!.count) wrong.push(`there are parts beyond ${upload.parts!.count}`);
  for (const { number, etag } of claimed) {
    if (found.get(number)?.etag !== etag) wrong.push(`part ${number} is not the one with the ETag ${etag}`);
  }
  if (wrong.length === 0) return;
  const more = wrong.length > MOST_NAMED ? `, and ${wrong.length - MOST_NAMED} more` : '';
  throw incomplete(upload, `${wrong.slice(0, MOST_NAMED).join(', ')}${more}`);
}

async function requireDigest(
  upload: Upload,
  file: SentFile,
  sha256: string | undefined,
  { uploads }: CompletePorts,
): Promise<void> {
  if (sha256 === undefined) return;
  const found = await uploads.digest(file);
  if (found !== sha256) throw incomplete(upload, `the file has the SHA-256 ${found}, and ${sha256} was told`);
}

function incomplete({ id }: Upload, why: string): RequestRefused {
  return new RequestRefused(
    'UploadIncomplete',
    `Upload ${id} can't be completed: ${why}.`,
    'Send what is missing or wrong once more, then complete it again.',
  );
}
