import { existsSync } from 'node:fs';
import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { type LocalUploads, openUploads } from '#adapters/local/uploads';
import { sha256Hex } from '#core/names';
import { readFormFile } from '#runtime/jobs-api/form-file';
import { uploadsSuite } from '../../conformance/uploads.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const API = 'http://127.0.0.1:5002';

/** Does with a request what the API at home does. */
async function sendTo(store: LocalUploads, url: string, init: RequestInit): Promise<Response> {
  const request = new Request(url, init);
  const { pathname, searchParams } = new URL(url);
  const [, , id, kind, number] = pathname.split('/');
  const bytes = Readable.fromWeb(request.body as import('node:stream/web').ReadableStream);
  const form = kind === 'content' ? await readFormFile(request.headers.get('content-type')!, bytes) : undefined;
  const { policy, signature } = (form?.fields ?? Object.fromEntries(searchParams)) as Record<string, string>;
  const place = { id: id!, policy: policy!, signature: signature!, ...(number ? { part: Number(number) } : {}) };
  const { etag } = await store.receive(place, form?.file ?? bytes);
  return new Response(null, { status: 204, headers: { etag } });
}

uploadsSuite('a folder', async () => {
  const uploads = openUploads(join(aFolder(), 'uploads'), () => API);
  return {
    uploads: { ...uploads, link: async () => '' },
    send: (url, init) => sendTo(uploads, url, init),
    read: (uri) => readFile(uri),
    leastPartBytes: 1,
  };
});

let folder: string;
let store: LocalUploads;
beforeEach(() => {
  folder = join(aFolder(), 'uploads');
  store = openUploads(folder, () => API);
});

const request = { team: 'red', name: 'clip.mp4', mediaType: 'video/mp4', maxBytes: 10 };
const bytesOf = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)));

async function place(changes: object = {}) {
  const { id, uri, fields } = await store.presign({ ...request, ...changes });
  return { uri, signed: { id, policy: fields.policy!, signature: fields.signature! } };
}

/** All files of the folder but the secret. */
async function files(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name !== '.secret').map(({ name }) => name);
}

describe('what comes', () => {
  it('is not seen before all of it has come, and nothing is left of half a file (pitfall 31)', async () => {
    const { uri, signed } = await place();
    async function* breaking() {
      yield Buffer.from('half');
      expect(existsSync(uri)).toBe(false);
      throw new Error('the line broke');
    }
    await expect(store.receive(signed, breaking())).rejects.toThrow('the line broke');
    expect(await files()).toEqual([]);
  });

  it('is refused as soon as it is too much (pitfall 33)', async () => {
    const { signed } = await place();
    let read = 0;
    async function* endless() {
      for (; ; read += 1) yield Buffer.from('1234');
    }
    await expect(store.receive(signed, endless())).rejects.toMatchObject({ name: 'InputError' });
    expect(read).toBeLessThan(10);
    expect(await files()).toEqual([]);
  });

  it.each([
    { name: 'is empty', changes: {}, text: '', says: /0 bytes came/ },
    {
      name: 'has another digest than was told',
      changes: { sha256: sha256Hex('good') },
      text: 'evil',
      says: /instead of/,
    },
  ])('is refused when it $name', async ({ changes, text, says }) => {
    const { signed } = await place(changes);
    await expect(store.receive(signed, bytesOf(text))).rejects.toThrow(says);
    expect(await files()).toEqual([]);
  });

  it('is taken when it has the digest that was told', async () => {
    const { uri, signed } = await place({ sha256: sha256Hex('good') });
    await store.receive(signed, bytesOf('go', 'od'));
    expect(await readFile(uri, 'utf8')).toBe('good');
  });

  it('of a part has to be all of it', async () => {
    const upload = await store.openParts(request);
    const url = new URL(await store.signPart(upload, { number: 1, bytes: 4 }));
    const { policy, signature } = Object.fromEntries(url.searchParams) as { policy: string; signature: string };
    const part = { id: upload.id, part: 1, policy, signature };
    await expect(store.receive(part, bytesOf('abc'))).rejects.toThrow(/3 bytes came instead of 4/);
    await expect(store.receive(part, bytesOf('abcde'))).rejects.toThrow(/More than 4/);
    await expect(store.receive({ ...part, part: 2 }, bytesOf('abcd'))).rejects.toThrow(/another upload or part/);
    await store.receive(part, bytesOf('abcd'));
    expect(await store.listParts(upload)).toMatchObject([{ number: 1, bytes: 4 }]);
  });
});

describe('a signature', () => {
  it.each([
    { name: 'another policy', change: { policy: Buffer.from('{"maxBytes":1e12}').toString('base64url') } },
    { name: 'no policy', change: { policy: '' } },
    { name: 'another signature', change: { signature: '0'.repeat(64) } },
    { name: 'a short signature', change: { signature: 'ab' } },
    { name: 'the id of another upload', change: { id: '00000000-0000-4000-8000-000000000000' } },
    { name: 'a part that was not signed', change: { part: 1 } },
  ])('is not good with $name', async ({ change }) => {
    const { signed } = await place();
    await expect(store.receive({ ...signed, ...change }, bytesOf('x'))).rejects.toMatchObject({ name: 'InputError' });
    expect(await files()).toEqual([]);
  });

  it('is good in another process that has the folder, and in no other folder', async () => {
    const { uri, signed } = await place();
    await openUploads(folder, () => API).receive(signed, bytesOf('x'));
    expect(existsSync(uri)).toBe(true);
    const elsewhere = openUploads(join(aFolder(), 'uploads'), () => API);
    await expect(elsewhere.receive(signed, bytesOf('x'))).rejects.toMatchObject({ name: 'InputError' });
  });

  it('comes from a secret that only this user reads', async () => {
    await place();
    expect((await stat(join(folder, '.secret'))).mode & 0o777).toBe(0o600);
  });
});

it.each(['..', 'a/../b', ''])('the team %j gets no place outside', async (team) => {
  await expect(store.presign({ ...request, team })).rejects.toMatchObject({ name: 'ContractError' });
});

it('what nobody knows of is swept once it is old', async () => {
  const [kept, old] = [await place(), await place()];
  await store.receive(kept.signed, bytesOf('x'));
  await store.receive(old.signed, bytesOf('x'));
  const parts = await store.openParts(request);
  const isKnown = async (id: string) => id === kept.signed.id;
  expect(await store.sweep(isKnown, new Date(Date.now() - 60_000))).toBe(0);
  const longAgo = new Date('2026-01-01');
  for (const path of [dirname(kept.uri), dirname(old.uri), join(folder, '.arriving', parts.id)])
    await utimes(path, longAgo, longAgo);
  expect(await store.sweep(isKnown, new Date(Date.now() - 60_000))).toBe(2);
  expect([existsSync(kept.uri), existsSync(old.uri)]).toEqual([true, false]);
});
