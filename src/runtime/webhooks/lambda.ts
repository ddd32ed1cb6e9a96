import { z } from 'zod';
import { TransientError } from '#core/errors';
import { noticeSchema, type WebhookSecrets } from '#core/notices';
import type { JobStore } from '#core/ports';
import { openAwsWebhooks } from '../aws-platform.ts';
import { IDEMPOTENCY_TABLE, requireVariable } from '../environment.ts';
import { type Once, openOnce } from '../once.ts';
import { type QueueDoor, type QueueHandler, queueHandler } from '../queue.ts';
import { postWebhook } from './post.ts';
import { PUBLIC_ONLY, type ReceiverRule } from './receivers.ts';
import { secondsToNext } from './schedule.ts';

/** What EventBridge hands on of our own events, as far as it is read. */
const webhookEventSchema = z.object({ detail: noticeSchema });
type WebhookEvent = z.infer<typeof webhookEventSchema>;

/** Posts the notices that receivers wait for, from the events that a queue brings. */
export function webhooksHandler(): QueueHandler {
  return queueHandler('webhooks', async () => {
    const once = openOnce({ table: requireVariable(process.env, IDEMPOTENCY_TABLE), prefix: 'webhooks' });
    return webhookDoor({ ...(await openAwsWebhooks()), rule: PUBLIC_ONLY, once });
  });
}

export interface WebhookDoorPorts {
  jobs: Pick<JobStore, 'get'>;
  secrets: WebhookSecrets;
  rule: ReceiverRule;
  postpone: (receiptHandle: string, seconds: number) => Promise<void>;
  once: Once;
  random?: () => number;
}

export function webhookDoor({
  jobs,
  secrets,
  rule,
  postpone,
  once,
  random,
}: WebhookDoorPorts): QueueDoor<WebhookEvent> {
  return {
    parse: (message) => webhookEventSchema.parse(message),
    keyOf: ({ detail }) => detail.id,
    async handle({ detail: notice }) {
      const { id, team } = notice.job;
      const said = { jobId: id, notice: notice.type, noticeId: notice.id };
      const url = (await jobs.get(id))?.notify?.url;
      if (url === undefined) return { ...said, webhook: 'none' };
      const posted = await postWebhook({ notice, url, secrets: await secrets.of(team) }, { rule });
      const { host } = new URL(url);
      if (posted.outcome !== 'failed') return { ...said, ...posted, webhook: posted.outcome, host };
      const { reason, retryAfterSeconds } = posted;
      throw new TransientError(`A webhook was not delivered: ${reason}.`, {
        details: { ...said, host, retryAfterSeconds },
      });
    },
    // It comes again when its time has come; after the last attempt the queue puts it into the dead letters.
    async failed(thrown, { receiptHandle, receives }) {
      const { retryAfterSeconds } = ((thrown as TransientError).details ?? {}) as { retryAfterSeconds?: number };
      const wait = secondsToNext(receives, { asked: retryAfterSeconds, ...(random ? { random } : {}) });
      await postpone(receiptHandle, wait);
    },
    once,
  };
}
