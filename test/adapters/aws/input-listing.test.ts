import { describe, expect, it } from 'vitest';
import { openInputListing } from '#adapters/aws/input-listing';
import { faultyLine } from '../../helpers/aws-faults.ts';
import { clientsAt, startS3AndSqs } from '../../helpers/aws-in-process.ts';
import { aBucket, anObject } from '../../helpers/aws-resources.ts';

const endpoint = await startS3AndSqs();
const clients = clientsAt(endpoint);
const listing = openInputListing({ s3: await clients.s3() });

async function below(prefix: string, from = listing): Promise<string[]> {
  const found: string[] = [];
  for await (const uri of from.below(prefix)) found.push(uri);
  return found;
}

it('finds all objects below a prefix, over pages, and no mark of a folder', async () => {
  const bucket = await aBucket(clients, 'footage');
  const names = Array.from({ length: 1003 }, (_, index) => `day 1/${String(index).padStart(4, '0')}.mp4`);
  for (let at = 0; at < names.length; at += 50) {
    await Promise.all(names.slice(at, at + 50).map((name) => anObject(clients, bucket, name, 'x')));
  }
  await anObject(clients, bucket, 'day 1/', '');
  await anObject(clients, bucket, 'day 2.mp4', 'x');
  expect(await below(`s3://${bucket}/day 1/`)).toEqual(names.map((name) => `s3://${bucket}/${name}`));
  expect(await below(`s3://${bucket}/`)).toHaveLength(1004);
  expect(await below(`s3://${bucket}/none`)).toEqual([]);
});

it.each(['/home/me/', 's3://bucket', 's3://A_B/x', ''])('%j is refused', async (prefix) => {
  await expect(below(prefix)).rejects.toMatchObject({ name: 'InputError' });
});

it.each([403, 404])('a bucket that S3 answers with %i is refused', async (status) => {
  const line = await faultyLine(endpoint, () => ({ answer: { status, body: '' } }));
  const there = openInputListing({ s3: await clientsAt(line.endpoint).s3() });
  await expect(below('s3://some-bucket/', there)).rejects.toMatchObject({ name: 'InputError' });
});

it('a listing with no result is empty', async () => {
  const bucket = await aBucket(clients, 'quiet');
  expect(await below(`s3://${bucket}/activity-1/`)).toEqual([]);
});

it.each(['activité 1/räume_文字.wav', 'activity/12345', '12345', 'a+b&c=d/100%.wav'])(
  'unicode keys, numeric keys and keys with signs come back as they are: %s',
  async (key) => {
    const bucket = await aBucket(clients, 'keys');
    await anObject(clients, bucket, key, 'x');
    expect(await below(`s3://${bucket}/`)).toEqual([`s3://${bucket}/${key}`]);
  },
);

describe('what S3 answers', () => {
  const listed = (entries: string) =>
    `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${entries}</ListBucketResult>`;

  it.each([
    { name: 'null data', body: listed(''), found: [] },
    { name: 'a missing key', body: listed('<Contents><Size>1</Size></Contents>'), found: [] },
    {
      name: 'malformed entries among good ones',
      body: listed('<Contents/><Contents><Key></Key></Contents><Contents><Key>a.wav</Key><Size>x</Size></Contents>'),
      found: ['s3://some-bucket/a.wav'],
    },
  ])('with $name is passed over', async ({ body, found }) => {
    const line = await faultyLine(endpoint, () => ({ answer: { status: 200, body } }));
    const there = openInputListing({ s3: await clientsAt(line.endpoint).s3() });
    expect(await below('s3://some-bucket/', there)).toEqual(found);
  });

  it('is asked for again after a network fault, and the listing goes on', async () => {
    const bucket = await aBucket(clients, 'flaky');
    await anObject(clients, bucket, 'a.wav', 'x');
    let asked = 0;
    const line = await faultyLine(endpoint, () => {
      asked += 1;
      return asked === 1 ? { loseAnswer: true } : undefined;
    });
    const there = openInputListing({ s3: await clientsAt(line.endpoint).s3() });
    expect(await below(`s3://${bucket}/`, there)).toEqual([`s3://${bucket}/a.wav`]);
    expect(asked).toBe(2);
  });

  it('retries exhausted: what does not pass is left to the state machine’s own retry', {
    timeout: 60_000,
  }, async () => {
    let asked = 0;
    const line = await faultyLine(endpoint, () => {
      asked += 1;
      return { answer: { status: 503, body: '' } };
    });
    const there = openInputListing({ s3: await clientsAt(line.endpoint).s3() });
    await expect(below('s3://some-bucket/', there)).rejects.toMatchObject({ name: 'TransientError' });
    expect(asked).toBeGreaterThan(1);
  });
});
