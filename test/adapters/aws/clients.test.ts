import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, it } from 'vitest';
import { openClients } from '#adapters/aws/clients';
import { ANYBODY } from '../../helpers/aws-in-process.ts';

it('are made once', async () => {
  const clients = openClients(ANYBODY);
  const [one, other] = await Promise.all([clients.s3(), clients.s3()]);
  expect(one).toBe(other);
});

it('put no checksum of nothing into what is signed for others (pitfall 32)', async () => {
  const s3 = await openClients(ANYBODY).s3();
  const link = await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'a-bucket', Key: 'clip.mp4' }));
  expect(link.toLowerCase()).not.toContain('checksum');
});

it.each([
  { endpoint: undefined, host: 'a-bucket.s3.us-east-1.amazonaws.com', path: '/clip.mp4' },
  { endpoint: 'http://127.0.0.1:9', host: '127.0.0.1:9', path: '/a-bucket/clip.mp4' },
])('name a bucket where the endpoint $endpoint looks for it', async ({ endpoint, host, path }) => {
  const s3 = await openClients({ ...ANYBODY, ...(endpoint ? { endpoint } : {}) }).s3();
  const link = new URL(await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'a-bucket', Key: 'clip.mp4' })));
  expect([link.host, link.pathname]).toEqual([host, path]);
});

it('are loaded when they are asked for, so that a table costs no S3', async () => {
  const program = `
    const { openClients } = await import('#adapters/aws/clients');
    const { registerHooks } = await import('node:module');
    const loaded = new Set();
    registerHooks({ load: (url, context, next) => {
      loaded.add(/@aws-sdk\\/(client-[\\w-]+)/.exec(url)?.[1]);
      return next(url, context);
    } });
    await openClients({ region: 'us-east-1' }).dynamoDb();
    console.log(JSON.stringify([...loaded].filter(Boolean).sort()));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  expect(JSON.parse(stdout)).toEqual(['client-dynamodb']);
});
