import { readdir } from 'node:fs/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { fetchInput, openInput, parseInput } from '#adapters/aws/s3-inputs';
import { faultyLine, firstTimes } from '../../helpers/aws-faults.ts';
import { ANYBODY, clientsAt, startS3AndSqs } from '../../helpers/aws-in-process.ts';
import { aBucket, anObject } from '../../helpers/aws-resources.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const endpoint = await startS3AndSqs();
const clients = clientsAt(endpoint);
const s3 = await clients.s3();

/** A client that takes a socket for dead that is silent for a moment. */
const impatientS3 = (at: string) =>
  new S3Client({
    ...ANYBODY,
    endpoint: at,
    forcePathStyle: true,
    maxAttempts: 1,
    requestHandler: { socketTimeout: 300 },
  });

const named = (uri: string) => ({ name: 'clip.mp4', uri });

describe('an address', () => {
  it.each([
    { uri: 's3://a-bucket/clip.mp4', expected: { bucket: 'a-bucket', key: 'clip.mp4' } },
    { uri: 's3://a-bucket/a b/grüße?.mp4', expected: { bucket: 'a-bucket', key: 'a b/grüße?.mp4' } },
    { uri: 's3://a-bucket/clip.mp4?versionId=3/L4', expected: { bucket: 'a-bucket', key: 'clip.mp4?versionId=3/L4' } },
    {
      uri: 's3://a-bucket/clip.mp4?versionId=3_L-4.x',
      expected: { bucket: 'a-bucket', key: 'clip.mp4', versionId: '3_L-4.x' },
    },
  ])('$uri names an object', ({ uri, expected }) => {
    expect(parseInput(named(uri))).toEqual(expected);
  });

  it.each([
    '/home/me/clip.mp4',
    'file:///clip.mp4',
    'https://host/clip.mp4',
    's3://a-bucket',
    's3://a-bucket/',
    's3:///clip.mp4',
    's3://A_BUCKET/clip.mp4',
    '',
  ])('%j is refused', async (uri) => {
    await expect(openInput(s3, named(uri))).rejects.toMatchObject({ name: 'InputError', details: { uri } });
  });
});

describe('an input', () => {
  it.each([
    { status: 403, name: 'InputError', says: /may not.*s3:GetObject/ },
    { status: 404, name: 'InputNotFoundError', says: /there is no object/ },
    { status: 405, name: 'InputNotFoundError', says: /there is no object/ },
    { status: 301, name: 'InputError', says: /another region/ },
    { status: 400, name: 'InputError', says: /400/ },
  ])('that S3 answers with $status is a $name that says so', async ({ status, name, says }) => {
    const line = await faultyLine(endpoint, () => ({ answer: { status, body: '' } }));
    const opening = openInput(await clientsAt(line.endpoint).s3(), named('s3://a-bucket/clip.mp4'));
    await expect(opening).rejects.toMatchObject({ name, message: expect.stringMatching(says) });
  });

  it('that is replaced while it is read is refused, and no half of it is left', async () => {
    const bucket = await aBucket(clients, 'uploads');
    const input = await anObject(clients, bucket, 'clip.mp4', 'first');
    const source = await openInput(s3, input);
    await anObject(clients, bucket, 'clip.mp4', 'other');
    const refused = { name: 'InputError', message: expect.stringContaining('replaced while it was read') };
    await expect(source.read(0, 5)).rejects.toMatchObject(refused);

    const folder = aFolder();
    const replaceIt = async () => void (await anObject(clients, bucket, 'clip.mp4', 'third'));
    const freeBytes = async () => {
      await replaceIt();
      return 1024 ** 4;
    };
    await expect(fetchInput(s3, input, folder, freeBytes)).rejects.toMatchObject(refused);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is looked up again while S3 is busy', async () => {
    const input = await anObject(clients, await aBucket(clients, 'uploads'), 'clip.mp4', '0123456789');
    const line = await faultyLine(
      endpoint,
      firstTimes(2, () => true, { answer: { status: 503, body: '' } }),
    );
    const source = await openInput(await clientsAt(line.endpoint).s3(), input);
    expect(source.size).toBe(10);
    expect(line.seen).toHaveLength(3);
  });

  it('is read in ranges, to its end and not beyond', async () => {
    const input = await anObject(clients, await aBucket(clients, 'uploads'), 'clip.mp4', '0123456789');
    const source = await openInput(s3, input);
    const parts = await Promise.all([source.read(0, 1), source.read(9, 5), source.read(10, 5), source.read(99, 1)]);
    expect(parts.map((part) => Buffer.from(part).toString())).toEqual(['0', '9', '', '']);
  });

  it('whose bytes stop coming is read on from there after the read timeout', async () => {
    const input = await anObject(clients, await aBucket(clients, 'uploads'), 'letters.wav', '0123456789');
    const line = await faultyLine(
      endpoint,
      firstTimes(1, ({ range }) => range !== undefined, { stallAfterBytes: 4 }),
    );
    const source = await openInput(impatientS3(line.endpoint), input);
    expect(Buffer.from(await source.read(0, 10)).toString()).toBe('0123456789');
    expect(line.seen.map(({ range }) => range)).toEqual([undefined, 'bytes=0-9', 'bytes=4-9']);
  });

  it('whose bytes never come fails when the read timeout is over for the last time, in a way that passes', async () => {
    const input = await anObject(clients, await aBucket(clients, 'uploads'), 'letters.wav', '0123456789');
    const line = await faultyLine(endpoint, ({ range }) => (range ? { stallAfterBytes: 0 } : undefined));
    const source = await openInput(impatientS3(line.endpoint), input);
    await expect(source.read(0, 10)).rejects.toMatchObject({ name: 'TransientError', retryable: true });
  });

  it('is read rightly where the whole of it comes for a part', async () => {
    const input = await anObject(clients, await aBucket(clients, 'uploads'), 'clip.mp4', '0123456789');
    const line = await faultyLine(endpoint, ({ range }) => (range ? { ignoreRange: true } : undefined));
    const source = await openInput(await clientsAt(line.endpoint).s3(), input);
    expect(Buffer.from(await source.read(3, 4)).toString()).toBe('3456');
    expect(Buffer.from(await source.read(8, 9)).toString()).toBe('89');
  });
});
