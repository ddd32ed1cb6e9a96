import { access, constants, type FileHandle, open, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, InputNotFoundError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import type { JobInput } from '#core/job';
import type { ByteSource } from '#core/step';

/** The path of an input, which is a file of this machine: an absolute path or a file: URL. */
export async function inputPath(input: JobInput): Promise<string> {
  const path = pathOf(input);
  const found = await stat(path).catch((cause) => {
    throw unreadable(input, 'there is no such file', cause);
  });
  if (!found.isFile()) throw unreadable(input, found.isDirectory() ? 'it is a folder' : 'it is not a plain file');
  await access(path, constants.R_OK).catch((cause) => {
    throw unreadable(input, 'this user may not read it', cause);
  });
  return path;
}

export async function openInputFile(input: JobInput): Promise<ByteSource> {
  const file = await open(await inputPath(input));
  const { size } = await file.stat();
  return { size, read: (offset, length) => readRange(file, offset, length), close: () => file.close() };
}

/** Which file it is, and when its bytes or its name last changed. */
export async function inputStamp(input: JobInput): Promise<string> {
  return (await stampOf(await inputPath(input))).stamp;
}

async function stampOf(path: string): Promise<{ stamp: string; changedAt: number }> {
  const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await stat(path, { bigint: true });
  return { stamp: [dev, ino, size, mtimeNs, ctimeNs].join('-'), changedAt: Number(ctimeMs) };
}

// Of files, not of bytes: each takes some hundred bytes of memory.
const REMEMBERED = 1000;
// A file that changed within a tick of the file system's clock may change again under the same stamp.
const SETTLED_MS = 2000;

/** SHA-256 of inputs. A file that has not changed since is not read again: the jobs of a batch often share one. */
export function openInputDigests(settledMs = SETTLED_MS): (input: JobInput) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return async (input) => {
    const path = await inputPath(input);
    const { stamp, changedAt } = await stampOf(path);
    const before = known.get(stamp);
    if (before) return await before;
    const digesting = digestFile(path).then(({ sha256 }) => `sha256:${sha256}`);
    if (Date.now() - changedAt >= settledMs) {
      known.set(stamp, digesting);
      digesting.catch(() => known.delete(stamp));
      if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
    }
    return await digesting;
  };
}

async function readRange(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

function pathOf({ name, uri }: JobInput): string {
  if (isAbsolute(uri)) return uri;
  if (uri.startsWith('file:')) return fileURLToPath(uri);
  throw new InputError(
    `${JSON.stringify(name)} lies at ${JSON.stringify(uri)}; a job on this machine reads an absolute path or a file: URL.`,
    { details: { name, uri } },
  );
}

function unreadable({ name, uri }: JobInput, why: string, cause?: unknown): InputNotFoundError {
  return new InputNotFoundError(`Can't read the input ${JSON.stringify(name)}: ${why}.`, {
    details: { name, uri },
    cause,
  });
}
