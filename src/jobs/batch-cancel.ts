import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled, JOB_STATES } from '#core/job';
import type { JobStore } from '#core/ports';
import type { Records } from '#core/records';
import { eachSideBySide } from '#core/side-by-side';
import { BATCH, type Batch, batchState } from './batch.ts';
import { type CancelPorts, cancelJob } from './cancel.ts';
import { RequestRefused } from './refusal.ts';

export interface CancelBatchPorts {
  jobs: Pick<JobStore, 'countsOf'>;
  records: Records;
  wakeBatch: (id: string) => Promise<void>;
}

/**
 * Cancels a batch: no more members are made from here on, and whoever works on it cancels those that there are. Harmless
 * when repeated. @throws RequestRefused for a batch that has ended otherwise.
 */
export async function cancelBatch(batch: Batch, { jobs, records, wakeBatch }: CancelBatchPorts): Promise<Batch> {
  const state = batchState(batch, await jobs.countsOf(batch.id));
  if (!batch.isCanceled && isSettled(state)) {
    throw new RequestRefused(
      'NotCancellable',
      `Batch ${batch.id} is ${state}; only a batch that has not ended can be cancelled.`,
      'There is nothing left to stop.',
    );
  }
  const mark = (current: Batch) => ({ ...current, isCanceled: true });
  const marked = (await records.update<Batch>(BATCH, batch.id, mark))?.value ?? batch;
  await wakeBatch(batch.id);
  return marked;
}

// The states of a job that a cancel changes.
const CANCELLABLE = JOB_STATES.filter((state) => !isSettled(state) && state !== 'CANCELING');
const PAGE = 100;
const AT_ONCE = 10;
const LAG_MS = 500;

/** @returns true when every member has ended or is being stopped, false when time ran out before. */
export async function cancelMembers(
  { id, team, submitted }: Batch,
  ports: CancelPorts,
  isTime: () => boolean = () => false,
): Promise<boolean> {
  for (;;) {
    // The newest page again and again: those that were cancelled are not on it any more.
    const { jobs } = await ports.jobs.list({ team, batch: id, status: CANCELLABLE, limit: PAGE });
    const isDone = jobs.length === 0 && (await countOf(id, ports)) >= submitted;
    if (isDone || isTime()) return isDone;
    // Lists lag behind: the newest members may not be there yet.
    if (jobs.length === 0) await sleep(LAG_MS);
    await eachSideBySide(jobs, AT_ONCE, (job) =>
      cancelJob(job, ports).catch((thrown) => {
        // Who wants a member to end does not mind that it has.
        if (!(thrown instanceof RequestRefused)) throw thrown;
      }),
    );
  }
}

async function countOf(id: string, { jobs }: CancelPorts): Promise<number> {
  return Object.values(await jobs.countsOf(id)).reduce((sum, count) => sum + count, 0);
}
