import { z } from 'zod';
import { toErrorDocument } from '#core/errors';
import type { LambdaContext } from './lambda.ts';
import { openLambdaLog } from './lambda-log.ts';
import type { LogSubject } from './log-fields.ts';
import type { Once } from './once.ts';

/** What a function is given of a queue, as far as it is read. */
const batchSchema = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      receiptHandle: z.string().default(''),
      attributes: z.object({ ApproximateReceiveCount: z.coerce.number() }).default({ ApproximateReceiveCount: 1 }),
    }),
  ),
});

/** A message as its queue holds it for us. */
export interface HeldMessage {
  receiptHandle: string;
  /** How often it has come, this time among them. */
  receives: number;
}

/** The messages that are to come again. Source: docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
export interface BatchAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

export type QueueHandler = (batch: unknown, context: LambdaContext) => Promise<BatchAnswer>;

export interface QueueDoor<Event> {
  /** @throws when a message is not what comes here; it then ends in the queue's own dead letters. */
  parse(message: unknown): Event;
  /** The same for the same content: such a message is worked on once. Undefined where twice is harmless. */
  keyOf(event: Event): string | undefined;
  /** @returns what the log says about it. */
  handle(event: Event): Promise<Record<string, unknown> & { jobId?: string }>;
  /** Hears of a message that failed, before it is given back: it may say when it comes again. */
  failed?(thrown: unknown, message: HeldMessage): Promise<void>;
  once: Once;
}

/**
 * The handler of a queue's messages. They stand for themselves: one that fails comes again, the others are done. The door
 * is opened at the first invocation and kept.
 */
export function queueHandler<Event>(phase: string, open: () => Promise<QueueDoor<Event>>): QueueHandler {
  const log = openLambdaLog();
  let opened: Promise<QueueDoor<Event>> | undefined;

  return async (batch, context) => {
    opened ??= open();
    const door = await opened;
    const batchItemFailures: BatchAnswer['batchItemFailures'] = [];
    for (const { messageId, body, receiptHandle, attributes } of batchSchema.parse(batch).Records) {
      const start = performance.now();
      const latencyMs = () => Math.round(performance.now() - start);
      log.about({ correlationId: messageId, phase });
      try {
        await workOn(body, door, context, ({ jobId, ...fields }) => {
          if (jobId) log.about({ correlationId: jobId, jobId, phase } satisfies LogSubject);
          log.info('handled', { status: 'succeeded', latencyMs: latencyMs(), ...fields });
        });
      } catch (thrown) {
        const { name, message, details } = toErrorDocument(thrown);
        log.error(message, { status: 'failed', latencyMs: latencyMs(), error: name, messageId, ...details });
        batchItemFailures.push({ itemIdentifier: messageId });
        await door
          .failed?.(thrown, { receiptHandle, receives: attributes.ApproximateReceiveCount })
          .catch((unheard) => {
            log.warn('a message comes again when its queue says', { messageId, reason: String(unheard) });
          });
      } finally {
        log.reset();
      }
    }
    return { batchItemFailures };
  };
}

async function workOn<Event>(
  body: string,
  { parse, keyOf, handle, once }: QueueDoor<Event>,
  context: LambdaContext,
  told: (fields: Record<string, unknown> & { jobId?: string }) => void,
): Promise<void> {
  const event = parse(JSON.parse(body));
  const key = keyOf(event);
  const work = async () => told(await handle(event));
  if (key === undefined) await work();
  else await once(key, context, work);
}
