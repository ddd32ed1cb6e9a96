import { access, constants, type FileHandle, open, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, InputNotFoundError } from '#core/errors';
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
