import { expect, it } from 'vitest';
import { InputNotFoundError } from '#core/errors';
import { queueHandler } from '#runtime/queue';
import { uploadDoor } from '#runtime/upload-trigger';
import { context, keepLog } from '../helpers/lambda.ts';
import { aLife } from '../helpers/life.ts';

const lines = keepLog();

it('makes the objects of a queue jobs, keyed by what they are', async () => {
  const keys: string[] = [];
  const ports = {
    ...(await aLife()),
    artifacts: { openInput: async () => Promise.reject(new InputNotFoundError('no sidecar')) },
  };
  const handler = queueHandler('upload-trigger', async () =>
    uploadDoor(ports, async (key, _context, work) => {
      keys.push(key);
      await work();
    }),
  );
  const event = (key: string, object: Record<string, unknown>) => ({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'up' }, object: { key, ...object } },
  });
  const events = [
    event('incoming/toy/a.txt', { 'version-id': 'v1', etag: 'e' }),
    event('incoming/toy/b.pdf', { etag: 'e' }),
    event('incoming/toy/a.txt.json', { etag: 'e' }),
  ];
  const Records = events.map((body, index) => ({ messageId: `m-${index}`, body: JSON.stringify(body) }));
  expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [] });
  expect(keys).toEqual(['up incoming/toy/a.txt v1', 'up incoming/toy/b.pdf e', 'up incoming/toy/a.txt.json e']);
  expect(lines().map(({ jobStatus }) => jobStatus)).toEqual(['STARTING', 'REJECTED', 'none']);
});
