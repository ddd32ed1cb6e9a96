import { expect, it } from 'vitest';
import { answerOf } from '#adapters/aws/service-errors';
import { InputError } from '#core/errors';

const failing = (fields: object) => answerOf(Promise.reject(Object.assign(new Error('no'), fields)));

it.each([
  { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } },
  { name: 'SlowDown', $metadata: { httpStatusCode: 503 } },
  { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } },
  { name: 'TooManyRequests', $metadata: { httpStatusCode: 429 } },
  { name: 'TimeoutError' },
  { code: 'ECONNRESET' },
  { code: 'EAI_AGAIN' },
  { message: 'aborted' },
])('%o passes, so it is a TransientError', async (fields) => {
  await expect(failing(fields)).rejects.toMatchObject({ name: 'TransientError', cause: fields });
});

it.each([
  { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } },
  { name: 'ConditionalCheckFailedException', $metadata: { httpStatusCode: 400 } },
  { code: 'ENOSPC' },
  { message: 'a bug' },
])('%o does not, and stays what it is', async (fields) => {
  await expect(failing(fields)).rejects.toMatchObject(fields);
});

it('an error of ours stays what it is', async () => {
  const ours = new InputError('no');
  await expect(answerOf(Promise.reject(ours))).rejects.toBe(ours);
});
