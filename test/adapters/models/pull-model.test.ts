import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelStore } from '#adapters/local/model-store';
import { parseModelAddress } from '#adapters/models/model-address';
import { openModelFiles } from '#adapters/models/model-files';
import { pullModel } from '#adapters/models/pull-model';
import { sha256Hex } from '#core/names';
import { aFolder } from '../../helpers/state-folder.ts';

const WEIGHTS = 'any bytes';
const SHA256 = sha256Hex(WEIGHTS);
const description = (changes: object = {}) =>
  JSON.stringify({
    ...{ name: 'my-own', version: '1.0.0', license: 'Apache-2.0', card: 'CARD.md', task: 'custom' },
    weights: { file: 'weights.bin', sha256: SHA256 },
    ...changes,
  });

const served = new Map<string, string>();
const asked: { url: string; token?: string }[] = [];
const hub = createServer((request, response) => {
  asked.push({ url: request.url!, ...(request.headers.authorization ? { token: request.headers.authorization } : {}) });
  const body = served.get(request.url!);
  response.statusCode = body === undefined ? 404 : 200;
  response.end(body ?? 'no');
});
let root: string;

beforeAll(async () => {
  await new Promise<void>((ready) => hub.listen(0, '127.0.0.1', ready));
  root = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  for (const base of ['/owner/model/resolve/v1/sub/', '/api/2.0/mlflow-artifacts/artifacts/7/model/']) {
    served.set(`${base}model.json`, description());
    served.set(`${base}weights.bin`, WEIGHTS);
    served.set(`${base}CARD.md`, '# A card');
  }
  served.set(
    '/api/2.0/mlflow/model-versions/get-download-uri?name=my-own&version=3',
    JSON.stringify({ artifact_uri: 'mlflow-artifacts:/7/model' }),
  );
});
afterAll(() => hub.close());

const variables = () => ({
  HF_ENDPOINT: root,
  HF_TOKEN: 'hub',
  MLFLOW_TRACKING_URI: root,
  MLFLOW_TRACKING_TOKEN: 'flow',
});
const emptyStore = () => openModelStore({ shipped: aFolder(), added: aFolder() });

describe('a model comes', () => {
  it.each([
    { address: 'hf:owner/model@v1/sub', token: 'Bearer hub' },
    { address: 'mlflow:my-own/3', token: 'Bearer flow' },
  ])('from $address, with its card, when its weights are those that were asked for', async ({ address, token }) => {
    asked.length = 0;
    const store = emptyStore();
    const files = await openModelFiles(parseModelAddress(address), variables());
    const { description: found } = await pullModel({ files, sha256: SHA256, store });
    expect(found).toMatchObject({ name: 'my-own', license: 'Apache-2.0', task: 'custom' });
    const { folder } = await store.fetch('my-own@1.0.0');
    expect(readFileSync(join(folder, 'CARD.md'), 'utf8')).toBe('# A card');
    expect(new Set(asked.map((one) => one.token))).toEqual(new Set([token]));
  });

  it('without a description of its own, described by a file of ours', async () => {
    served.set('/plain/model/resolve/v1/weights.bin', WEIGHTS);
    const describe = join(aFolder(), 'model.json');
    writeFileSync(describe, description({ card: undefined }));
    const files = await openModelFiles(parseModelAddress('hf:plain/model@v1'), variables());
    const store = emptyStore();
    await pullModel({ files, sha256: SHA256, describe, store });
    expect((await store.fetch('my-own')).sha256).toBe(SHA256);
  });
});

describe('nothing is added', () => {
  it.each([
    {
      name: 'when the place pins other weights',
      path: 'model.json',
      body: description({ weights: { file: 'weights.bin', sha256: '0'.repeat(64) } }),
    },
    { name: 'when the place sends other weights', path: 'weights.bin', body: 'other bytes' },
  ])('$name', async ({ path, body }) => {
    const base = '/forged/model/resolve/v1/';
    served.set(`${base}model.json`, description());
    served.set(`${base}weights.bin`, WEIGHTS);
    served.set(`${base}CARD.md`, '# A card');
    served.set(`${base}${path}`, body);
    const store = emptyStore();
    const files = await openModelFiles(parseModelAddress('hf:forged/model@v1'), variables());
    await expect(pullModel({ files, sha256: SHA256, store })).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('Nothing was added.'),
    });
    expect(await store.list()).toEqual([]);
  });

  it('from a place that has no such model', async () => {
    const files = await openModelFiles(parseModelAddress('hf:owner/gone@v1'), variables());
    await expect(pullModel({ files, sha256: SHA256, store: emptyStore() })).rejects.toMatchObject({
      name: 'InputNotFoundError',
      message: expect.stringContaining('answered 404'),
    });
  });

  it('from a registry that nobody named', async () => {
    await expect(openModelFiles(parseModelAddress('mlflow:my-own/3'), {})).rejects.toThrow('MLFLOW_TRACKING_URI');
  });
});

it.each([
  ['hf:owner/model@v1', { kind: 'hf', repository: 'owner/model', revision: 'v1', folder: '' }],
  ['hf:owner/model@0a1b/onnx', { kind: 'hf', repository: 'owner/model', revision: '0a1b', folder: 'onnx/' }],
  ['mlflow:my-own/3', { kind: 'mlflow', name: 'my-own', version: '3' }],
  ['s3://models/my-own', { kind: 's3', bucket: 'models', prefix: 'my-own/' }],
  ['https://host/a', { kind: 'https', base: 'https://host/a/' }],
])('%s is an address', (text, address) => expect(parseModelAddress(text)).toEqual(address));

it.each(['http://host/a', 'hf:owner/model', 'mlflow:my-own', 'file:///etc', 'ftp://x', ''])('%j is none', (text) => {
  expect(() => parseModelAddress(text)).toThrow(/is no address of a model/);
});
