import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { openArtifactStore } from '#adapters/aws/artifact-store';
import { sha256Hex } from '#core/names';
import { artifactStoreSuite } from '../../conformance/artifact-store.ts';
import { faultyLine, firstTimes } from '../../helpers/aws-faults.ts';
import { clientsAt, startS3AndSqs } from '../../helpers/aws-in-process.ts';
import { aBucket, anObject } from '../../helpers/aws-resources.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const MIB = 1024 ** 2;

const endpoint = await startS3AndSqs();
const clients = clientsAt(endpoint);
const s3 = await clients.s3();

const buckets = async () => ({
  workBucket: await aBucket(clients, 'work'),
  resultsBucket: await aBucket(clients, 'results'),
});

async function aStore({ freeBytes = async () => 1024 ** 4 } = {}) {
  const options = { s3, ...(await buckets()), freeBytes };
  return { store: openArtifactStore(options), ...options };
}

artifactStoreSuite('S3', async () => {
  const uploads = await aBucket(clients, 'uploads');
  return {
    store: openArtifactStore({ s3, ...(await buckets()) }),
    inputOf: (name, bytes) => anObject(clients, uploads, `uploads/team/${name}`, bytes),
  };
});

describe('two buckets', () => {
  it('have what is part of the result in one, all else in the other, and one space of keys', async () => {
    const { store, workBucket, resultsBucket } = await aStore();
    await store.putBytes('jobs/a/verdict.json', '{}');
    await store.putBytes('jobs/a/report.html', '<p>', { result: 'report.html' });
    const head = (Bucket: string, Key: string) => s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(await head(workBucket, 'jobs/a/verdict.json')).toMatchObject({ ContentType: 'application/json' });
    expect(await head(resultsBucket, 'jobs/a/report.html')).toMatchObject({
      ContentType: 'text/html',
      Metadata: { sha256: sha256Hex('<p>') },
    });
    await expect(head(workBucket, 'jobs/a/report.html')).rejects.toMatchObject({ name: 'NotFound' });
    expect(await store.list('jobs/a/')).toEqual(['jobs/a/report.html', 'jobs/a/verdict.json']);
    expect(Buffer.from(await store.read('jobs/a/report.html')).toString()).toBe('<p>');
    expect(await store.exists('jobs/a/report.html')).toBe(true);
  });

  it.each(['../secret', 'jobs/../../secret', '/etc/passwd', 'jobs//x', 'jobs/./x', 'jobs\\..\\x', '', 'jobs/x\0'])(
    'refuse the key %j, which might leave a folder',
    async (key) => {
      const { store } = await aStore();
      const path = join(aFolder(), 'file');
      await writeFile(path, 'x');
      for (const call of [
        store.putBytes(key, 'x'),
        store.putFile(key, path),
        store.read(key),
        store.exists(key),
        store.local(key, aFolder()),
      ]) {
        await expect(call).rejects.toMatchObject({ name: 'ContractError' });
      }
      expect(await readFile(path, 'utf8')).toBe('x');
    },
  );

  it('list more keys than a page has', async () => {
    const { store } = await aStore();
    const keys = Array.from({ length: 1003 }, (_, index) => `jobs/a/${String(index).padStart(4, '0')}`);
    await Promise.all(keys.map((key) => store.putBytes(key, '')));
    expect(await store.list('jobs/a/')).toEqual(keys);
  });
});

describe('a large file', () => {
  // Two parts and a bit, each byte its own, so that a part in the wrong place is seen.
  const large = Buffer.alloc(18 * MIB + 5);
  for (let at = 0; at < large.length; at += 4)
    large.writeUInt32LE((at * 2_654_435_761) % 2 ** 32, Math.min(at, large.length - 4));

  it('goes and comes in parts, and is what it was (pitfall 18)', async () => {
    const { store } = await aStore();
    const path = join(aFolder(), 'large.bin');
    await writeFile(path, large);
    const stored = await store.putFile('jobs/a/large.bin', path);
    expect(stored).toEqual({ key: 'jobs/a/large.bin', sha256: sha256Hex(large), bytes: large.length });
    expect(sha256Hex(await readFile(await store.local('jobs/a/large.bin', aFolder())))).toBe(stored.sha256);
  });

  it('goes on where the connection broke, and is visible only when it is whole', async () => {
    const { store, ...options } = await aStore();
    await store.putBytes('jobs/a/large.bin', large);
    const get = ({ method }: { method: string }) => method === 'GET';
    const line = await faultyLine(endpoint, firstTimes(3, get, { cutAfterBytes: MIB }));
    const overLine = openArtifactStore({ ...options, s3: await clientsAt(line.endpoint).s3() });
    const folder = aFolder();
    const path = await overLine.local('jobs/a/large.bin', folder);
    expect(sha256Hex(await readFile(path))).toBe(sha256Hex(large));
    expect(await readdir(folder)).toHaveLength(1);
    // Nothing is fetched twice: each try begins after the last byte that came.
    const starts = line.seen.filter(get).map(({ range }) => Number(/bytes=(\d+)-/.exec(range!)![1]));
    expect(new Set(starts).size).toBe(starts.length);
  });

  it('leaves nothing when the connection never holds', async () => {
    const { store, ...options } = await aStore();
    await store.putBytes('jobs/a/large.bin', large);
    const line = await faultyLine(endpoint, ({ method }) => (method === 'GET' ? { cutAfterBytes: 10 } : undefined));
    const overLine = openArtifactStore({ ...options, s3: await clientsAt(line.endpoint).s3() });
    const folder = aFolder();
    await expect(overLine.local('jobs/a/large.bin', folder)).rejects.toMatchObject({
      name: 'TransientError',
      retryable: true,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not fetched at all when the disk has no room', async () => {
    const { store } = await aStore({ freeBytes: async () => 1000 });
    await store.putBytes('jobs/a/large.bin', large);
    const folder = aFolder();
    await expect(store.local('jobs/a/large.bin', folder)).rejects.toMatchObject({
      name: 'ResourceError',
      details: { needed: large.length, free: 1000 },
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

it('keeps the file when it could not be put', async () => {
  const line = await faultyLine(endpoint, () => ({ answer: { status: 403, body: '' } }));
  const store = openArtifactStore({ s3: await clientsAt(line.endpoint).s3(), ...(await buckets()) });
  const path = join(aFolder(), 'frame.jpg');
  await writeFile(path, 'x');
  await expect(store.putFile('jobs/a/frame.jpg', path)).rejects.toMatchObject({
    name: 'ContractError',
    message: expect.stringContaining('s3:PutObject'),
  });
  expect(await readFile(path, 'utf8')).toBe('x');
});

it('takes bytes that are not those that were put for a fault, not for the artifact', async () => {
  const { store, workBucket } = await aStore();
  await store.putBytes('jobs/a/file', 'right');
  const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: workBucket, Key: 'jobs/a/file' }));
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  await s3.send(new PutObjectCommand({ Bucket: workBucket, Key: 'jobs/a/file', Body: 'wrong', Metadata: Metadata! }));
  await expect(store.local('jobs/a/file', aFolder())).rejects.toMatchObject({ name: 'TransientError' });
});

it('gives files of one name from different keys different paths', async () => {
  const { store } = await aStore();
  const folder = aFolder();
  const paths = [];
  for (const shard of ['0', '1']) {
    await store.putBytes(`jobs/a/${shard}/detections.jsonl`, shard);
    paths.push(await store.local(`jobs/a/${shard}/detections.jsonl`, folder));
  }
  expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(['0', '1']);
  expect(paths.every((path) => path.endsWith('detections.jsonl'))).toBe(true);
});
