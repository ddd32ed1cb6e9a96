import { appendFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openModelStore } from '#adapters/aws/model-store';
import { faultyLine, firstTimes } from '../../helpers/aws-faults.ts';
import { clientsAt, startS3AndSqs } from '../../helpers/aws-in-process.ts';
import { aBucket, anObject } from '../../helpers/aws-resources.ts';
import { type Changes, writeModel } from '../../helpers/onnx-folder.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const endpoint = await startS3AndSqs();
const clients = clientsAt(endpoint);
const WEIGHTS = Buffer.from('weights');

/** A store over an empty image, an empty cache and an empty bucket, and ways to put models into them. */
async function anEmptyStore({ at = endpoint } = {}) {
  const bucket = await aBucket(clients, 'models');
  const [shipped, cache] = [aFolder(), aFolder()];
  const open = async () => openModelStore({ s3: await clientsAt(at).s3(), bucket, shipped, cache });
  const ship = (name: string, version: string) => writeModel(join(shipped, name, version), WEIGHTS, { name, version });
  const upload = async (name: string, version: string, changes: Changes = {}) => {
    const folder = aFolder();
    const description = await writeModel(folder, WEIGHTS, { name, version, ...changes });
    for (const file of await readdir(folder)) {
      await anObject(clients, bucket, `models/${name}/${version}/${file}`, await readFile(join(folder, file)));
    }
    return description;
  };
  return { open, store: await open(), ship, upload, shipped, cache };
}

it('prefers the model that came with the program', async () => {
  const { store, ship, upload, shipped, cache } = await anEmptyStore();
  await ship('cones', '1.0.0');
  await upload('cones', '1.0.0');
  expect((await store.fetch('cones@1.0.0')).folder).toBe(join(shipped, 'cones', '1.0.0'));
  expect(await readdir(cache)).toEqual([]);
});

it('fetches another one from the bucket, once for all who ask on this machine', async () => {
  const line = await faultyLine(endpoint, () => undefined);
  const { open, store, upload, cache } = await anEmptyStore({ at: line.endpoint });
  const { weights } = await upload('cones', '1.0.0');
  const [first, second] = await Promise.all([store.fetch('cones@1.0.0'), store.fetch('cones@1.0.0')]);
  expect(first).toEqual({
    name: 'cones',
    version: '1.0.0',
    folder: join(cache, 'cones', '1.0.0'),
    sha256: weights.sha256,
  });
  expect(second).toEqual(first);
  const requests = line.seen.length;
  expect(await (await open()).fetch('cones@1.0.0')).toEqual(first);
  expect(line.seen.length).toBe(requests);
  expect(await readdir(first.folder)).toEqual(['model.json', 'model.onnx']);
});

it('takes the newest version of a name, wherever it lies', async () => {
  const { store, ship, upload } = await anEmptyStore();
  await ship('cones', '1.2.0');
  await upload('cones', '1.9.0');
  await upload('cones', '1.10.0');
  await upload('people', '3.0.0');
  expect(await store.fetch('cones')).toMatchObject({ name: 'cones', version: '1.10.0' });
});

it.each([
  { ref: 'cones@2.0.0', message: /no model cones@2\.0\.0: expected s3:\/\// },
  { ref: 'dogs', message: /no model dogs/ },
  { ref: './mine', message: /name@version/ },
  { ref: '/models/mine', message: /name@version/ },
  { ref: 'cones@../1.0.0', message: /name@version/ },
])('has no model $ref', async ({ ref, message }) => {
  const { store, upload, cache } = await anEmptyStore();
  await upload('cones', '1.0.0');
  await expect(store.fetch(ref)).rejects.toMatchObject({ name: 'ModelError', message: expect.stringMatching(message) });
  expect((await readdir(cache, { recursive: true })).filter((name) => name.includes('.'))).toEqual([]);
});

it('refuses weights of another digest, and keeps nothing of them', async () => {
  const { store, upload, cache } = await anEmptyStore();
  await upload('cones', '1.0.0', { weights: { sha256: '0'.repeat(64) } });
  await expect(store.fetch('cones@1.0.0')).rejects.toMatchObject({ name: 'ModelError' });
  expect(await readdir(join(cache, 'cones'))).toEqual([]);
});

it('refuses a model that calls itself something else', async () => {
  const { store, upload } = await anEmptyStore();
  await upload('cones', '1.0.0', { version: '1.0.1' });
  await expect(store.fetch('cones@1.0.0')).rejects.toMatchObject({
    name: 'ModelError',
    message: expect.stringContaining('cones@1.0.1'),
  });
});

it('notices a cached model that was changed', async () => {
  const { open, store, upload } = await anEmptyStore();
  await upload('cones', '1.0.0');
  const { folder } = await store.fetch('cones@1.0.0');
  await appendFile(join(folder, 'model.onnx'), 'x');
  await expect((await open()).fetch('cones@1.0.0')).rejects.toMatchObject({ name: 'ModelError' });
  await rm(folder, { recursive: true });
  await expect((await open()).fetch('cones@1.0.0')).resolves.toMatchObject({ folder });
});

it('asks again after a failure that passed', async () => {
  const denied = { answer: { status: 403, body: '' } };
  const line = await faultyLine(
    endpoint,
    firstTimes(1, () => true, denied),
  );
  const { store, upload } = await anEmptyStore({ at: line.endpoint });
  await upload('cones', '1.0.0');
  await expect(store.fetch('cones@1.0.0')).rejects.toThrow();
  expect(await store.fetch('cones@1.0.0')).toMatchObject({ name: 'cones' });
});
