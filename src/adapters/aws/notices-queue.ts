import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { answerOf } from './service-errors.ts';

/** Lets a message that is being worked on come again after so many seconds, at most twelve hours. */
export function openPostponing({ sqs, queueUrl }: { sqs: SQSClient; queueUrl: string }) {
  return async (receiptHandle: string, seconds: number): Promise<void> => {
    const VisibilityTimeout = Math.min(seconds, 43_200);
    const change = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout };
    await answerOf(sqs.send(new ChangeMessageVisibilityCommand(change)));
  };
}
