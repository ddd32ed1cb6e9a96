import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { ContractError } from '#core/errors';
import type { DeadLetter, DeadLetters } from '#core/ports';
import { answerOf } from './service-errors.ts';

export interface SqsDeadLettersOptions {
  sqs: SQSClient;
  queueUrl: string;
  /** How long an empty queue is listened to: a long poll asks all of its servers, a short one, 0, only some of them. */
  pollSeconds?: number;
}

// A batch of SQS has at most this many.
const BATCH = 10;

// For how long a letter is nobody else's while the queue is gone through; it is given back right after.
const LOOKING_SECONDS = 60;

const letterSchema = z.object({
  jobId: z.string(),
  workload: z.string(),
  team: z.string(),
  execution: z.string(),
  error: z
    .object({
      name: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).exactOptional(),
      step: z.string().exactOptional(),
    })
    .exactOptional(),
  endedAt: z.string(),
}) satisfies z.ZodType<DeadLetter>;

/**
 * Dead letters in an SQS queue, one per job: of several the newest counts. To look at them is to hold them for a moment,
 * so who looks at the same moment sees only part of them.
 */
export function openDeadLetters({ sqs, queueUrl: QueueUrl, pollSeconds = 1 }: SqsDeadLettersOptions): DeadLetters {
  /** Goes through the whole queue, then gives back what `use` leaves. */
  const withAll = async <T>(use: (found: Found[]) => Promise<T>): Promise<T> => {
    const held: Message[] = [];
    try {
      for (;;) {
        const messages = await receive(sqs, QueueUrl, pollSeconds);
        if (messages.length === 0) break;
        held.push(...messages);
      }
      return await use(held.map((message) => ({ message, letter: letterOf(message) })));
    } finally {
      for (const batch of batches(held)) {
        const Entries = batch.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
        // What was removed can't be given back; SQS says so entry by entry, which is fine.
        await answerOf(sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })));
      }
    }
  };

  return {
    async put(letter) {
      await answerOf(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(letter) })));
    },

    async list() {
      return await withAll(async (found) => newestOfEach(found.map(({ letter }) => letter)));
    },

    async remove(jobId) {
      return await withAll(async (found) => {
        const ofJob = found.filter(({ letter }) => letter.jobId === jobId);
        for (const Entries of batches(ofJob.map(({ message }) => message))) {
          const { Failed = [] } = await answerOf(sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })));
          if (Failed.length > 0) throw new ContractError(`SQS kept a letter of ${jobId}: ${Failed[0]!.Message}.`);
        }
        return newestOfEach(ofJob.map(({ letter }) => letter))[0];
      });
    },
  };
}

interface Found {
  message: Message;
  letter: DeadLetter;
}

async function receive(sqs: SQSClient, QueueUrl: string, pollSeconds: number): Promise<Message[]> {
  const request = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: BATCH,
    WaitTimeSeconds: pollSeconds,
    VisibilityTimeout: LOOKING_SECONDS,
  });
  return (await answerOf(sqs.send(request))).Messages ?? [];
}

function letterOf({ MessageId, Body = '' }: Message): DeadLetter {
  try {
    return letterSchema.parse(JSON.parse(Body));
  } catch (cause) {
    throw new ContractError(
      `Message ${MessageId} of the dead letters is not a job's letter. Look at it and delete it from the queue.`,
      { details: { messageId: MessageId }, cause },
    );
  }
}

/** Each job's newest letter, oldest first. */
function newestOfEach(letters: DeadLetter[]): DeadLetter[] {
  const ordered = letters.toSorted((a, b) => Number(a.endedAt > b.endedAt) - Number(a.endedAt < b.endedAt));
  const newest = new Map<string, DeadLetter>();
  for (const letter of ordered) {
    newest.delete(letter.jobId);
    newest.set(letter.jobId, letter);
  }
  return [...newest.values()];
}

function* batches(messages: Message[]) {
  for (let start = 0; start < messages.length; start += BATCH) {
    yield messages
      .slice(start, start + BATCH)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle: ReceiptHandle! }));
  }
}
