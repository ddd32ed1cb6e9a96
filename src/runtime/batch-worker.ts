import { setTimeout as sleep } from 'node:timers/promises';
import { isRetryable } from '#core/errors';
import type { Records } from '#core/records';
import { BATCH, type Batch, itemsLeft } from '#jobs/batch';
import { type ExpandPorts, expandBatch } from '#jobs/batch-expand';

export interface BatchWorker {
  /** Has a batch worked on, after those that were woken before it. */
  wake(id: string): Promise<void>;
  /** Wakes the batches of a team that an earlier process left undone. @returns their ids. */
  resume(team: string): Promise<string[]>;
  /** Once nothing is to be done. */
  idle(): Promise<void>;
  /** Stops after the chunk that is being worked on; the next process takes up the rest. */
  close(): Promise<void>;
}

// What does not answer now, or has no room, may do so soon; meanwhile other batches get their turn.
const PAUSE_MS = 1000;
const PAGE = 100;

/** Makes jobs of batches in this process, one batch at a time. */
export function openBatchWorker(ports: ExpandPorts, onFault: (thrown: unknown) => void): BatchWorker {
  const waiting = new Set<string>();
  const closing = new AbortController();
  let work: Promise<void> | undefined;

  const workOff = async () => {
    for (const id of waiting) {
      if (closing.signal.aborted) return;
      waiting.delete(id);
      try {
        const how = await expandBatch(id, ports, { isTime: () => closing.signal.aborted });
        if (how === 'queue is full') await again(id);
      } catch (thrown) {
        onFault(thrown);
        if (isRetryable(thrown)) await again(id);
      }
    }
  };

  const again = async (id: string) => {
    await sleep(PAUSE_MS, undefined, { signal: closing.signal }).catch(() => {});
    waiting.add(id);
  };

  const start = () => {
    work ??= workOff().finally(() => {
      work = undefined;
      if (waiting.size > 0 && !closing.signal.aborted) start();
    });
  };

  const worker: BatchWorker = {
    async wake(id) {
      if (closing.signal.aborted) return;
      waiting.add(id);
      start();
    },
    async resume(team) {
      const undone = await undoneBatches(team, ports.records);
      for (const id of undone) await worker.wake(id);
      return undone;
    },
    async idle() {
      while (work) await work;
    },
    async close() {
      closing.abort();
      await work;
    },
  };
  return worker;
}

/** Oldest first. A cancelled one is looked at once more: whether all of its members were told, no record says. */
async function undoneBatches(team: string, records: Records): Promise<string[]> {
  const undone: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.list<Batch>(BATCH, { team, limit: PAGE, cursor });
    undone.push(...page.records.filter(({ value }) => value.isCanceled || itemsLeft(value) > 0).map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== undefined);
  return undone.reverse();
}
