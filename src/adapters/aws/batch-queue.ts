import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { answerOf } from './service-errors.ts';

/** Has somebody work on a batch, at once or after some seconds. A message that comes twice is harmless. */
export function openBatchQueue({ sqs, queueUrl }: { sqs: SQSClient; queueUrl: string }) {
  return async (batch: string, delaySeconds = 0): Promise<void> => {
    const MessageBody = JSON.stringify({ batch });
    const message = { QueueUrl: queueUrl, MessageBody, DelaySeconds: delaySeconds };
    await answerOf(sqs.send(new SendMessageCommand(message)));
  };
}
