import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { openDeadLetters } from '#adapters/aws/dead-letters';
import { aLetter, deadLettersSuite } from '../../conformance/dead-letters.ts';
import { clientsAt, startS3AndSqs } from '../../helpers/aws-in-process.ts';
import { aQueue } from '../../helpers/aws-resources.ts';

const clients = clientsAt(await startS3AndSqs());
const sqs = await clients.sqs();

deadLettersSuite('SQS', async () => openDeadLetters({ sqs, queueUrl: await aQueue(clients), pollSeconds: 0 }));

it('names a message that is no letter, and keeps it and the others in the queue', async () => {
  const queueUrl = await aQueue(clients);
  const letters = openDeadLetters({ sqs, queueUrl, pollSeconds: 0 });
  await letters.put(aLetter());
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: '{"jobId": 1}' }));
  for (const _again of [1, 2]) {
    await expect(letters.list()).rejects.toMatchObject({
      name: 'ContractError',
      details: { messageId: sent.MessageId },
    });
  }
});
