import { expect, it } from 'vitest';
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
