import { ApiFailure, addressOf, credentials, fileAddress, read, send } from './api.ts';
import type { Parts, UploadDone, UploadWay } from './api-types.ts';

/** What the API has to be told of files whose type a browser does not know. */
const TYPES_BY_ENDING: Record<string, string> = {
  '.mkv': 'video/x-matroska',
  '.mov': 'video/quicktime',
  '.m4v': 'video/mp4',
  '.mts': 'video/mp2t',
  '.wav': 'audio/wav',
  '.jsonl': 'application/jsonl',
  '.parquet': 'application/vnd.apache.parquet',
};

const KNOWN_TYPE = /^(video|audio|image|application|text)\/[\w.+-]+$/;

export function mediaTypeOf({ name, type }: Pick<File, 'name' | 'type'>): string {
  const ending = name.slice(Math.max(0, name.lastIndexOf('.'))).toLowerCase();
  if (KNOWN_TYPE.test(type)) return type;
  return TYPES_BY_ENDING[ending] ?? 'application/octet-stream';
}

/** Sends a file as the API says that it is to be sent. @returns what a job names it by. @throws ApiFailure */
export async function uploadFile(file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  const order = { name: file.name, mediaType: mediaTypeOf(file), bytes: file.size };
  const way = await send<UploadWay>('uploads', order);
  const parts = way.parts ? await sendParts(file, way, onSent, signal) : await sendForm(file, way, onSent, signal);
  await send<UploadDone>(`uploads/${way.id}/complete`, parts ? { parts } : {});
  return `upload:${way.id}`;
}

async function sendForm(
  file: File,
  { url, fields = {} }: UploadWay,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // S3 wants the file behind all other fields.
  form.append('file', file);
  await transfer({ method: 'POST', url: fileAddress(url!), body: form, onSent, signal });
  return undefined;
}

async function sendParts(
  file: File,
  { id, parts: plan }: UploadWay,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
) {
  const done: { number: number; etag: string }[] = [];
  let cursor: string | undefined = '1';
  while (cursor !== undefined) {
    const page: Parts = await read<Parts>(`uploads/${id}/parts?cursor=${cursor}`, signal);
    for (const { number, bytes, url, etag } of page.parts) {
      const start = (number - 1) * plan!.bytes;
      const told = (sent: number) => onSent(start + sent);
      const body = file.slice(start, start + bytes);
      const came = etag ?? (await transfer({ method: 'PUT', url: fileAddress(url), body, onSent: told, signal }));
      done.push({ number, etag: came });
    }
    cursor = page.next;
  }
  return done;
}

interface Transfer {
  method: 'POST' | 'PUT';
  url: string;
  body: FormData | Blob;
  onSent: (bytes: number) => void;
  signal: AbortSignal;
}

/** By XMLHttpRequest, since fetch does not tell how much was sent. @returns the ETag that it was answered with. */
function transfer({ method, url, body, onSent, signal }: Transfer): Promise<string> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    const isOurs = url.startsWith(addressOf(''));
    if (isOurs) for (const [name, value] of Object.entries(credentials())) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded));
    request.addEventListener('load', () => {
      if (request.status < 300) done(request.getResponseHeader('ETag') ?? '');
      else failed(refused(request));
    });
    request.addEventListener('error', () => failed(refused(request)));
    request.addEventListener('abort', () => failed(new DOMException('The upload was taken back.', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

function refused({ status, responseText }: XMLHttpRequest): ApiFailure {
  try {
    return new ApiFailure(JSON.parse(responseText));
  } catch {
    const detail = status === 0 ? 'The connection broke while the file was sent.' : `The file was refused (${status}).`;
    return new ApiFailure({
      type: 'urn:stepreel:problem:UploadFailed',
      title: 'Upload failed',
      status,
      code: 'UploadFailed',
      detail,
      hint: 'Send it again.',
    });
  }
}
