import { expect, it } from 'vitest';
import { openModelDigests } from '#adapters/aws/model-digests';
import { sha256Hex } from '#core/names';
import { clientsAt, startS3AndSqs } from '../../helpers/aws-in-process.ts';
import { aBucket, anObject } from '../../helpers/aws-resources.ts';

const clients = clientsAt(await startS3AndSqs());

/** Digests over an empty bucket, of a program that comes with `shipped`. */
async function digestsWith(shipped: Record<string, string> = {}) {
  const bucket = await aBucket(clients, 'models');
  const put = (ref: string, text: string) =>
    anObject(clients, bucket, `models/${ref.replace('@', '/')}/model.json`, Buffer.from(text));
  return { digests: openModelDigests({ s3: await clients.s3(), bucket }, shipped), put };
}

it('are of the description in the bucket', async () => {
  const { digests, put } = await digestsWith();
  await put('cones@1.2.0', '{"name":"cones"}');
  expect(await digests.digest('cones@1.2.0')).toBe(sha256Hex('{"name":"cones"}'));
});

it('are of the newest version, of those in the bucket and those that come with the program', async () => {
  const { digests, put } = await digestsWith({ 'cones@1.9.0': 'shipped' });
  await put('cones@1.2.0', 'old');
  expect(await digests.digest('cones')).toBe('shipped');
  await put('cones@1.10.0', 'new');
  expect(await digests.digest('cones')).toBe(sha256Hex('new'));
});

it('of what comes with the program win, as in the model store', async () => {
  const { digests, put } = await digestsWith({ 'cones@1.2.0': 'shipped' });
  await put('cones@1.2.0', 'another');
  expect(await digests.digest('cones@1.2.0')).toBe('shipped');
});

it.each(['cones@1.0.0', 'cones', './folder'])('say ModelError for %s, which is not there', async (ref) => {
  const { digests } = await digestsWith();
  await expect(digests.digest(ref)).rejects.toMatchObject({ name: 'ModelError' });
});
