import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { openBatchQueue } from '#adapters/aws/batch-queue';
import { clientsAt, startS3AndSqs } from '../../helpers/aws-in-process.ts';
import { aQueue } from '../../helpers/aws-resources.ts';

const clients = clientsAt(await startS3AndSqs());

it('puts a batch into the queue, at once or after some seconds', async () => {
  const sqs = await clients.sqs();
  const queueUrl = await aQueue(clients);
  const wake = openBatchQueue({ sqs, queueUrl });
  await wake('batch-1');
  await wake('batch-2', 600);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages.map(({ Body }) => JSON.parse(Body!))).toEqual([{ batch: 'batch-1' }]);
});
