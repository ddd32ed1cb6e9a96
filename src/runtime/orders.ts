import { z } from 'zod';
import { InputError } from '#core/errors';
import type { BatchPorts } from '#jobs/batch-submit';
import { submitOrder } from '#jobs/order';
import { RequestRefused } from '#jobs/refusal';
import type { WorkloadTable } from '#jobs/registry';
import { openAwsLife } from './aws-life.ts';
import { inputRules } from './jobs-api/own-inputs.ts';
import type { LambdaContext } from './lambda.ts';
import { openLambdaLog } from './lambda-log.ts';

const eventSchema = z.object({
  workload: z.string().min(1),
  team: z.string().min(1),
  /** In words of the workload's own; `{date}` in it is the day before. */
  order: z.record(z.string(), z.unknown()),
  params: z.record(z.string(), z.unknown()).optional(),
  project: z.string().min(1).optional(),
  priority: z.enum(['high', 'normal', 'low']).optional(),
  /** The name of the schedule that this comes from; none when a person asks. */
  schedule: z.string().min(1).optional(),
  /** When it is asked, UTC ISO-8601; now if not given. */
  time: z.iso.datetime({ offset: true }).optional(),
  key: z.string().min(1).optional(),
});

/** What is answered: the batch, or null where there is nothing to do. */
export interface OrderAnswer {
  batch: string | null;
  items: number;
  isNew: boolean;
  notes: string[];
}

export type OrdersHandler = (event: unknown, context: LambdaContext) => Promise<OrderAnswer>;

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_NOTES = 20;

/**
 * Makes batches of orders, from schedules and from people who may invoke the function. A schedule has one batch a day,
 * however often its event comes.
 */
export function ordersHandler(
  workloads: WorkloadTable,
  open: () => Promise<BatchPorts> = async () => ({ ...(await openAwsLife(workloads)), ...inputRules(process.env) }),
): OrdersHandler {
  const log = openLambdaLog();
  let opened: ReturnType<typeof open> | undefined;

  return async (event, { awsRequestId }) => {
    opened ??= open();
    const start = performance.now();
    log.about({ correlationId: awsRequestId, phase: 'orders' });
    try {
      const { schedule, time = new Date().toISOString(), order, key, ...request } = parsed(event);
      const date = dayBefore(time);
      const dated = JSON.parse(JSON.stringify(order).replaceAll('{date}', date)) as unknown;
      const named = schedule === undefined ? key : (key ?? `${schedule}-${date}`);
      const { batch, isNew, notes } = await submitOrder({ ...request, order: dated, key: named }, await opened);
      const answer = { batch: batch?.id ?? null, items: batch?.total ?? 0, isNew, notes: notes.slice(0, MOST_NOTES) };
      log.info('ordered', { status: 'succeeded', latencyMs: Math.round(performance.now() - start), ...answer });
      return answer;
    } catch (thrown) {
      // The first event of the day was heard; what has arrived since then belongs to nobody's night.
      if (isRepeated(thrown, event)) {
        log.warn('ordered before', { reason: (thrown as Error).message });
        return { batch: null, items: 0, isNew: false, notes: [(thrown as Error).message] };
      }
      log.error((thrown as Error).message, { error: (thrown as Error).name });
      throw thrown;
    } finally {
      log.reset();
    }
  };
}

function parsed(event: unknown): z.infer<typeof eventSchema> {
  const checked = eventSchema.safeParse(event);
  if (checked.success) return checked.data;
  throw new InputError(`This is no order: ${z.prettifyError(checked.error)}. Send workload, team and order.`);
}

/** The UTC day before a time, as 2026-11-27. */
function dayBefore(time: string): string {
  return new Date(Date.parse(time) - DAY_MS).toISOString().slice(0, 10);
}

function isRepeated(thrown: unknown, event: unknown): boolean {
  const isScheduled = eventSchema.safeParse(event).data?.schedule !== undefined;
  return isScheduled && thrown instanceof RequestRefused && thrown.code === 'KeyReused';
}
