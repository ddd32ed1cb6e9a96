import { z } from 'zod';
import { type ExpandPorts, expandBatch } from '#jobs/batch-expand';
import type { WorkloadTable } from '#jobs/registry';
import { openAwsLife } from './aws-life.ts';
import { inputRules } from './jobs-api/own-inputs.ts';
import { type QueueDoor, type QueueHandler, queueHandler } from './queue.ts';

const messageSchema = z.object({ batch: z.string().min(1) });
type Message = z.infer<typeof messageSchema>;

// The function may take five minutes; a chunk takes seconds.
const WORK_MS = 4 * 60_000;
const FULL_SECONDS = 60;

/** Makes jobs of the batches that a queue names. */
export function batchesHandler(workloads: WorkloadTable): QueueHandler {
  return queueHandler('batches', async () => {
    const life = await openAwsLife(workloads);
    return batchesDoor({ ...life, ...inputRules(process.env) }, life.wakeBatch);
  });
}

/** Works for some minutes on each message, and hands the rest on to whoever comes next. */
export function batchesDoor(
  ports: ExpandPorts,
  wake: (batch: string, delaySeconds?: number) => Promise<void>,
  workMs = WORK_MS,
): QueueDoor<Message> {
  return {
    parse: (message) => messageSchema.parse(message),
    // Twice is harmless, and the same batch comes as often as there is more to do.
    keyOf: () => undefined,
    async handle({ batch }) {
      const end = Date.now() + workMs;
      const how = await expandBatch(batch, ports, { isTime: () => Date.now() > end });
      if (how === 'out of time') await wake(batch);
      if (how === 'queue is full') await wake(batch, FULL_SECONDS);
      return { batch, how };
    },
    once: async (_key, _context, work) => await work(),
  };
}
