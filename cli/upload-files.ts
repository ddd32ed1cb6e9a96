import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { z } from 'zod';
import { mediaTypeOf } from '#core/artifact';
import { InputError, InputNotFoundError, TransientError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import { retry } from '#core/retry';
import { eachSideBySide } from '#core/side-by-side';
import { completedUploadSchema, partsSchema, uploadSchema, uploadWaySchema } from '#runtime/jobs-api/topics/uploads';
import type { ApiClient } from './api-client.ts';
import { type ApiOptions, openApi } from './api-options.ts';
import { apiPages } from './api-pages.ts';
import { readParams } from './params.ts';

export interface UploadOptions extends ApiOptions {
  submit?: string;
  param?: string[];
  params?: string;
  project?: string;
  resume?: string;
}

type CompletedUpload = z.infer<typeof completedUploadSchema>;

// A line is rarely faster with more of them.
const PARTS_AT_ONCE = 4;
const ATTEMPTS = 5;
// Above this the API checks parts instead of the whole.
const MAX_CHECKED_BYTES = 1024 ** 3;

/** Sends files one after another, and tells of each what names it, or the job that was submitted with it. */
export async function uploadFiles(files: string[], options: UploadOptions, json: boolean): Promise<void> {
  const { submit, project, resume } = options;
  if (resume !== undefined && files.length !== 1) {
    throw new InputError('One upload is resumed at a time. Name the one file that it sends.');
  }
  const params = await readParams(options.param, options.params);
  const start = submit === undefined ? undefined : { workload: submit, params, ...(project ? { project } : {}) };
  const api = await openApi(options);
  for (const file of files) {
    const upload = await sendFile(api, file, { ...(start ? { start } : {}), ...(resume ? { resume } : {}) });
    if (json) process.stdout.write(`${JSON.stringify({ event: 'upload', ...upload })}\n`);
    else process.stdout.write(`${upload.job?.id ?? `upload:${upload.id}`}\n`);
  }
}

/** Sends one file and completes it. @throws InputNotFoundError for a file that is not there; ApiRefusal. */
export async function sendFile(
  api: ApiClient,
  file: string,
  { start, resume }: { start?: object; resume?: string } = {},
): Promise<CompletedUpload> {
  const found = await stat(file).catch((cause) => {
    throw new InputNotFoundError(`${file} can't be read: ${(cause as Error).message}`, { cause });
  });
  if (!found.isFile()) throw new InputNotFoundError(`${file} is not a plain file.`);
  const bytes = found.size;
  if (bytes === 0) throw new InputError(`${file} is empty. Name a file that has something in it.`);
  const way: Way = resume === undefined ? await openUpload(api, file, bytes, start) : { id: resume };
  if (way.form) await sendForm(file, bytes, way.form);
  else await sendParts(api, way.id, file, bytes);
  return await api.ask('POST', `${uploadPath(way.id)}/complete`, completedUploadSchema, { body: {} });
}

interface Way {
  id: string;
  /** None for a file that goes in parts. */
  form?: { url: string; fields: Record<string, string> };
}

async function openUpload(api: ApiClient, file: string, bytes: number, start?: object): Promise<Way> {
  const sha256 = bytes <= MAX_CHECKED_BYTES ? (await digestFile(file)).sha256 : undefined;
  const order = { name: basename(file), mediaType: mediaTypeOf(file), bytes, ...(sha256 ? { sha256 } : {}) };
  const body = { ...order, ...(start ? { start } : {}) };
  const { id, url, fields } = await api.ask('POST', 'uploads', uploadWaySchema, { body });
  return { id, ...(url !== undefined && fields ? { form: { url, fields } } : {}) };
}

async function sendForm(file: string, bytes: number, { url, fields }: NonNullable<Way['form']>): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', await openAsBlob(file), basename(file));
  await send(url, { method: 'POST', body: form });
  process.stderr.write(`${file}: sent (${bytes} bytes)\n`);
}

async function sendParts(api: ApiClient, id: string, file: string, bytes: number): Promise<void> {
  const { parts: plan, bytes: planned } = await api.ask('GET', uploadPath(id), uploadSchema);
  if (!plan || planned !== bytes) {
    throw new InputError(
      `Upload ${id} is not one of ${file} in parts: it has ${planned} bytes, and the file ${bytes}.`,
    );
  }
  const blob = await openAsBlob(file);
  let sent = 0;
  try {
    for await (const { parts } of apiPages(api, `${uploadPath(id)}/parts`, partsSchema)) {
      await eachSideBySide(parts, PARTS_AT_ONCE, async ({ number, bytes: size, url, etag }) => {
        const from = (number - 1) * plan.bytes;
        if (etag === undefined) await send(url, { method: 'PUT', body: blob.slice(from, from + size) });
        sent += size;
        process.stderr.write(`${file}: part ${number} of ${plan.count} (${Math.floor((100 * sent) / bytes)} %)\n`);
      });
    }
  } catch (thrown) {
    process.stderr.write(`Go on with: stepreel upload ${file} --resume ${id}\n`);
    throw thrown;
  }
}

function uploadPath(id: string): string {
  return `uploads/${encodeURIComponent(id)}`;
}

/** The address itself is the permission: no key goes there. */
async function send(url: string, init: RequestInit): Promise<void> {
  const once = async () => {
    const response = await fetch(url, { ...init, redirect: 'error' }).catch((cause) => {
      throw new TransientError(`${new URL(url).host} can't be reached: ${(cause as Error).message}`, { cause });
    });
    const text = await response.text();
    if (response.ok) return;
    const why = `${new URL(url).host} answered ${response.status}: ${text.slice(0, 500)}`;
    throw response.status >= 500 || response.status === 429 ? new TransientError(why) : new InputError(why);
  };
  await retry(once, { attempts: ATTEMPTS });
}
