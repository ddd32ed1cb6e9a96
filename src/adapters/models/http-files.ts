import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { asResourceError } from '#core/disk-full';
import { InputNotFoundError, TransientError } from '#core/errors';
import { requireFreeDisk } from '../disk.ts';

/** Fetches one file below `base` into `path`. @throws InputNotFoundError, TransientError, ResourceError. */
export async function fetchHttpFile(base: string, name: string, path: string, token?: string): Promise<void> {
  const address = new URL(name, base);
  const response = await ask(address, token);
  const bytes = Number(response.headers.get('content-length') ?? 0);
  await requireFreeDisk(dirname(path), bytes);
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(path, { flags: 'wx' }));
  } catch (thrown) {
    const full = asResourceError(thrown, dirname(path));
    if (full !== thrown) throw full;
    throw new TransientError(`${address} broke off: ${(thrown as Error).message}. Try again.`, { cause: thrown });
  }
}

/** A JSON document. @throws as `fetchHttpFile`. */
export async function fetchJson(address: URL, token?: string): Promise<unknown> {
  return await (await ask(address, token)).json();
}

async function ask(address: URL, token: string | undefined): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  // Fetch itself keeps the token from another host that it is sent on to.
  const response = await fetch(address, { headers }).catch((cause: unknown) => {
    throw new TransientError(`${address.host} does not answer. Try again, or look at the network.`, { cause });
  });
  if (response.ok) return response;
  const { status } = response;
  if (status >= 500 || status === 429) throw new TransientError(`${address} answered ${status}. Try again later.`);
  const remedy =
    status === 401 || status === 403 ? 'Its owner has to give you access, and you a token.' : 'Look at the address.';
  throw new InputNotFoundError(`${address} answered ${status}. ${remedy}`, { details: { status } });
}
