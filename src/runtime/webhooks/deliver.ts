import {
  type Deliveries,
  type Delivery,
  MOST_ATTEMPTS,
  type Notice,
  type Notices,
  type WebhookSecrets,
} from '#core/notices';
import { type PostOutcome, postWebhook } from './post.ts';
import type { ReceiverRule } from './receivers.ts';
import { secondsToNext } from './schedule.ts';

export interface WebhooksOptions {
  deliveries: Deliveries;
  secrets: WebhookSecrets;
  rule: ReceiverRule;
  /** Hears of deliveries that no receiver took, and of faults of ours. */
  onFault: (thrown: unknown) => void;
  now?: () => Date;
  timeoutMs?: number;
  random?: () => number;
}

export interface Webhooks extends Notices {
  /** Takes up what an earlier process left, and forgets what ended days ago. */
  resume(): Promise<void>;
  /** Makes no more attempts, and waits for those under way. What is open goes on at the next start. */
  close(): Promise<void>;
}

const SIDE_BY_SIDE = 8;
// Twice as long as a delivery may take: a notice that is told again finds that it was delivered.
export const REMEMBERED_MS = 2 * 24 * 60 * 60 * 1000;
// A laptop sleeps, and its clock is set: no wait goes on for longer without a look.
const LONGEST_SLEEP_MS = 60_000;

/** No receiver took it, and no further attempt is made. */
export class WebhookLost extends Error {
  override readonly name = 'WebhookLost';

  constructor(message: string) {
    super(message);
    // Where in the program it was noticed tells its reader nothing.
    this.stack = `WebhookLost: ${message}`;
  }
}

/** Webhooks that this process posts, from deliveries that outlive it. */
export function openWebhooks(options: WebhooksOptions): Webhooks {
  const { deliveries, onFault, now = () => new Date() } = options;
  const due = new Map<string, Delivery>();
  const later = new Map<string, Delivery>();
  /** Those that this process has in hand. */
  const held = new Set<string>();
  const underWay = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const attempt = async (delivery: Delivery): Promise<void> => {
    const { id } = delivery.notice;
    try {
      const after = afterAttempt(delivery, await attemptOnce(delivery, options), options);
      await deliveries.keep(after);
      if (!after.ended) return void later.set(id, after);
      held.delete(id);
      if (after.ended.as !== 'delivered') onFault(lost(after));
    } catch (thrown) {
      // It could not even be signed or kept: it stays as it was, and is tried with the next look.
      onFault(thrown);
      later.set(id, { ...delivery, nextAt: new Date(now().getTime() + LONGEST_SLEEP_MS).toISOString() });
    }
  };

  const work = () => {
    for (const [id, delivery] of due) {
      if (isClosed || underWay.size >= SIDE_BY_SIDE) return;
      due.delete(id);
      const done = attempt(delivery).finally(() => {
        underWay.delete(done);
        wait();
        work();
      });
      underWay.add(done);
    }
  };

  /** Until the next of those that wait is due, or somebody has set the clock. */
  const wait = () => {
    clearTimeout(timer);
    if (isClosed || later.size === 0) return;
    const next = Math.min(...Array.from(later.values(), ({ nextAt }) => Date.parse(nextAt)));
    timer = setTimeout(look, Math.max(0, Math.min(LONGEST_SLEEP_MS, next - now().getTime()))).unref();
  };

  const look = () => {
    const time = now().toISOString();
    for (const [id, delivery] of later) {
      if (delivery.nextAt > time) continue;
      later.delete(id);
      due.set(id, delivery);
    }
    wait();
    work();
  };

  return {
    async publish(notice, receiver) {
      if (!receiver) return;
      const at = now().toISOString();
      const delivery: Delivery = { notice, url: receiver.url, failures: 0, firstAt: at, nextAt: at };
      if (!(await deliveries.add(delivery))) return;
      held.add(notice.id);
      due.set(notice.id, delivery);
      work();
    },

    async resume() {
      await deliveries.forget(new Date(now().getTime() - REMEMBERED_MS).toISOString());
      for (const delivery of await deliveries.open()) {
        const { id } = delivery.notice;
        if (held.has(id)) continue;
        held.add(id);
        later.set(id, delivery);
      }
      look();
    },

    async close() {
      isClosed = true;
      clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}

async function attemptOnce({ notice, url }: Delivery, options: WebhooksOptions): Promise<PostOutcome> {
  const { secrets, rule, now, timeoutMs } = options;
  const more = { ...(now ? { now } : {}), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  return await postWebhook({ notice, url, secrets: await secrets.of(notice.job.team) }, { rule, ...more });
}

type AfterOptions = Pick<WebhooksOptions, 'now' | 'random'>;

/** A delivery as it is after an attempt. */
function afterAttempt(
  delivery: Delivery,
  outcome: PostOutcome,
  { now = () => new Date(), random }: AfterOptions,
): Delivery {
  const time = now();
  const at = time.toISOString();
  if (outcome.outcome === 'delivered') return { ...delivery, ended: { at, as: 'delivered' } };
  const { reason } = outcome;
  if (outcome.outcome === 'stopped') return { ...delivery, ended: { at, as: 'stopped', reason } };
  const failures = delivery.failures + 1;
  if (failures >= MOST_ATTEMPTS) return { ...delivery, failures, ended: { at, as: 'given up', reason } };
  const wait = secondsToNext(failures, { asked: outcome.retryAfterSeconds, ...(random ? { random } : {}) });
  return { ...delivery, failures, nextAt: new Date(time.getTime() + wait * 1000).toISOString() };
}

function lost({ notice, url, ended, failures }: Delivery): WebhookLost {
  const { host } = new URL(url);
  const tries = failures > 1 ? ` after ${failures} attempts` : '';
  return new WebhookLost(`${describe(notice)} was not delivered to ${host}${tries}: ${ended?.reason}.`);
}

function describe({ type, job }: Notice): string {
  return `The webhook ${type} of job ${job.id}`;
}
