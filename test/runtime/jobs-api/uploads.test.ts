import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '#core/names';
import { openDevUploads } from '#runtime/dev-uploads';
import { jobsApi } from '#runtime/jobs-api/app';
import { anApi, type LocalApi, openApiClient } from '../../helpers/jobs-api.ts';
import { aFolder } from '../../helpers/state-folder.ts';

let api: LocalApi;
let ask: LocalApi['ask'];
let send: (url: string, init: RequestInit) => Promise<Response>;
const API = 'http://127.0.0.1';

beforeEach(async () => {
  api = await anApi();
  const { uploads, receive } = openDevUploads({
    stateFolder: join(aFolder(), 'state'),
    records: api.options.records,
    links: { link: async () => '' },
    apiUrl: () => API,
    onFault: (thrown) => api.faults.push(thrown),
  });
  const app = jobsApi({ ...api.options, uploads, receive });
  ask = await openApiClient(app);
  send = async (url, init) => await app.request(url.slice(API.length), init);
});

const order = { name: 'words.txt', mediaType: 'text/plain' };

async function open(more: object = {}) {
  const { status, body } = await ask('POST', '/uploads', { body: { ...order, ...more } });
  expect(status).toBe(201);
  return body;
}

async function post({ url, fields }: { url: string; fields: Record<string, string> }, text: string): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([text]), 'words.txt');
  return await send(url, { method: 'POST', body: form });
}

const complete = (id: string, body: object = {}) => ask('POST', `/uploads/${id}/complete`, { body });

describe('an upload by a form', () => {
  it('is sent, completed, and then an input by its id', async () => {
    const upload = await open();
    expect(upload).toMatchObject({ name: 'words.txt', status: 'OPEN', links: { self: `uploads/${upload.id}` } });
    expect((await post(upload, 'some words')).status).toBe(204);
    const done = await complete(upload.id, { sha256: sha256Hex('some words') });
    expect(done).toMatchObject({ status: 200, body: { status: 'COMPLETE', bytes: 10, uri: upload.uri } });
    expect((await complete(upload.id)).body).toEqual(done.body);
    expect((await ask('GET', `/uploads/${upload.id}`)).body).toEqual(done.body);
    for (const input of [upload.id, `upload:${upload.id}`, [`upload:${upload.id}`]]) {
      const job = await ask('POST', '/jobs', { body: { workload: 'toy', input } });
      expect(job).toMatchObject({ status: 202, body: { input: [{ name: 'words.txt', uri: upload.uri }] } });
    }
  });

  it('starts the job that was asked for, once', async () => {
    const upload = await open({ start: { workload: 'toy', params: { color: 'green' }, project: 'bridges' } });
    await post(upload, 'some words');
    const [first, again] = [await complete(upload.id), await complete(upload.id)];
    expect(first.body.job).toMatchObject({
      project: 'bridges',
      params: { color: 'green' },
      input: [{ uri: upload.uri }],
    });
    expect(again.body.job.id).toBe(first.body.job.id);
    expect(again.body.jobId).toBe(first.body.job.id);
    expect((await ask('GET', '/jobs')).body.jobs).toHaveLength(1);
  });

  it.each([
    { name: 'nothing was sent', sent: undefined, more: {}, claim: {}, says: /has not come/ },
    { name: 'it has another size', sent: 'four', more: { bytes: 5 }, claim: {}, says: /4 bytes, and 5 were told/ },
    { name: 'it has another digest', sent: 'evil', more: {}, claim: { sha256: sha256Hex('good') }, says: /SHA-256/ },
  ])(
    'can not be completed when $name, and can once that is mended (pitfall 31)',
    async ({ sent, more, claim, says }) => {
      const upload = await open(more);
      if (sent !== undefined) await post(upload, sent);
      const { status, body } = await complete(upload.id, claim);
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'UploadIncomplete' });
      expect(body.detail).toMatch(says);
      const job = await ask('POST', '/jobs', { body: { workload: 'toy', input: `upload:${upload.id}` } });
      expect(job).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/is not complete/) } });
      await post(upload, 'bytes' in more ? 'fives' : 'good');
      expect((await complete(upload.id, claim)).status).toBe(200);
    },
  );

  it('takes no more than was agreed on, and says so', async () => {
    const upload = await open({ maxBytes: 5 });
    const answer = await post(upload, 'too many');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(/More than 5 bytes/) });
    expect((await complete(upload.id)).status).toBe(409);
  });

  it('can not be sent with a form of another one', async () => {
    const [one, other] = [await open(), await open()];
    expect((await post({ url: one.url, fields: other.fields }, 'x')).status).toBe(400);
    expect((await send(one.url, { method: 'POST', body: 'x' })).status).toBe(400);
  });

  it('is taken back, and is not there then', async () => {
    const upload = await open();
    await post(upload, 'words');
    expect((await ask('DELETE', `/uploads/${upload.id}`)).status).toBe(204);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/complete'],
    ] as const) {
      const answer = await ask(method, `/uploads/${upload.id}${path}`, method === 'POST' ? { body: {} } : {});
      expect(answer).toMatchObject({ status: 404, body: { code: 'NoSuchUpload' } });
    }
  });

  it('of another team is not there, and is no input', async () => {
    const upload = await open();
    await post(upload, 'words');
    await complete(upload.id);
    const team = 'blue';
    expect((await ask('GET', `/uploads/${upload.id}`, { team })).status).toBe(404);
    expect((await ask('POST', `/uploads/${upload.id}/complete`, { team, body: {} })).status).toBe(404);
    expect((await ask('DELETE', `/uploads/${upload.id}`, { team })).status).toBe(404);
    const job = await ask('POST', '/jobs', { team, body: { workload: 'toy', input: `upload:${upload.id}` } });
    expect(job).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/no such upload/) } });
  });
});

describe('an upload in parts', () => {
  const MIB = 1024 ** 2;
  const BYTES = 33 * MIB;
  const bytesOf = (count: number) => Buffer.alloc(count, 'x');

  it('is what a large file gets, or one that asks for it', async () => {
    expect((await open({ bytes: 101 * MIB })).parts).toEqual({ bytes: 16 * MIB, count: 7 });
    expect((await open({ bytes: 1024 ** 4 })).parts).toEqual({ bytes: 105 * MIB, count: 9987 });
    expect((await open({ bytes: 5, multipart: true })).parts).toEqual({ bytes: 16 * MIB, count: 1 });
    expect(await open({ bytes: 100 * MIB })).not.toHaveProperty('parts');
    expect(await open({ bytes: 101 * MIB, multipart: false })).not.toHaveProperty('parts');
  });

  it('is put part by part, goes on where it stopped, and is completed when all have come', async () => {
    const { id, uri } = await open({ bytes: BYTES, multipart: true, sha256: sha256Hex(bytesOf(BYTES)) });
    const firstPage = (await ask('GET', `/uploads/${id}/parts?limit=2`)).body;
    expect(firstPage.parts.map(({ number, bytes }: { number: number; bytes: number }) => [number, bytes])).toEqual([
      [1, 16 * MIB],
      [2, 16 * MIB],
    ]);
    const rest = (await ask('GET', `/uploads/${id}/parts?limit=2&cursor=${firstPage.next}`)).body;
    expect(rest).toMatchObject({ parts: [{ number: 3, bytes: MIB }] });
    expect(rest.next).toBeUndefined();

    const put = (part: { url: string }, bytes: number) =>
      send(part.url, { method: 'PUT', body: new Uint8Array(bytesOf(bytes)) });
    const first = await put(firstPage.parts[0], 16 * MIB);
    expect((await put(rest.parts[0], 5)).status).toBe(400);
    const half = await complete(id);
    expect(half.status).toBe(409);
    expect(half.body.detail).toMatch(/part 2 is missing, part 3 is missing/);

    const etag = first.headers.get('etag');
    expect((await ask('GET', `/uploads/${id}/parts`)).body.parts).toMatchObject([
      { number: 1, etag },
      { number: 2 },
      { number: 3 },
    ]);
    await put(firstPage.parts[1], 16 * MIB);
    await put(rest.parts[0], MIB);
    expect((await complete(id, { parts: [{ number: 1, etag: '"other"' }] })).status).toBe(409);
    expect(await complete(id, { parts: [{ number: 1, etag }] })).toMatchObject({
      status: 200,
      body: { status: 'COMPLETE', bytes: BYTES, uri },
    });
    expect((await ask('GET', `/uploads/${id}/parts`)).body.code).toBe('NoParts');
  });
});

describe('what is no upload is refused', () => {
  it.each([
    { name: 'no name', body: { mediaType: 'text/plain' } },
    { name: 'a strange type', body: { ...order, mediaType: 'anything' } },
    { name: 'parts of unknown size', body: { ...order, multipart: true } },
    { name: 'a form for more than one POST takes', body: { ...order, bytes: 6 * 1024 ** 3, multipart: false } },
    {
      name: 'a digest of what takes too long to read',
      body: { ...order, bytes: 6 * 1024 ** 3, sha256: 'ab'.repeat(32) },
    },
    { name: 'a digest of another kind', body: { ...order, sha256: 'ABC' } },
    { name: 'a job of no workload', body: { ...order, start: { workload: 'toys' } } },
    { name: 'a job with wrong parameters', body: { ...order, start: { workload: 'toy', params: { color: 'blue' } } } },
  ])('$name', async ({ body }) => {
    expect((await ask('POST', '/uploads', { body })).status).toBe(400);
  });

  it('a job of another team', async () => {
    const body = { ...order, start: { workload: 'toy', team: 'blue' } };
    expect((await ask('POST', '/uploads', { body })).status).toBe(403);
  });

  it('a name that climbs out of the folder is only a name', async () => {
    const { uri } = await open({ name: '../../../etc/passwd' });
    expect(uri).toMatch(/\/uploads\/red\/[0-9a-f-]{36}\/passwd$/);
  });

  it('anything where nothing is signed', async () => {
    const nowhere = await openApiClient(jobsApi(api.options));
    expect((await nowhere('POST', '/uploads', { body: order })).status).toBe(501);
  });
});
