import type { Job } from '#core/job';
import { placeOf } from '#core/job-list';
import type { JobStore } from '#core/ports';
import type { Lane } from '#core/queue';

// Of a team at its limit no more than this is read in vain.
const PAGE = 10;

export interface QueueOrder {
  /** The next job in its turn, each once; undefined when there is none left. */
  next(): Promise<Job | undefined>;
  /** From now on the jobs of a team are passed over. */
  passOver(team: string): void;
}

/**
 * The jobs of some lanes as they are admitted: the oldest of all first. Lanes are read page by page, however long they
 * are. `newcomer` has just been put into the queue, and an index that lags may not show it yet.
 */
export function oldestFirst(lanes: Lane[], jobs: Pick<JobStore, 'waiting'>, newcomer?: Job): QueueOrder {
  const heads = lanes.map((lane) => ({ lane, page: [] as Job[], last: undefined as Job | undefined, isRead: false }));
  const extra = newcomer && { lane: newcomer, page: [newcomer], last: undefined, isRead: true };
  let open = [...heads, ...(extra ? [extra] : [])];
  const given = new Set<string>();

  const fill = async (head: (typeof open)[number]) => {
    if (head.page.length > 0 || head.isRead) return;
    head.page = await jobs.waiting(head.lane, PAGE, head.last);
    head.last = head.page.at(-1);
    head.isRead = head.page.length < PAGE;
  };

  return {
    async next() {
      for (;;) {
        await Promise.all(open.map(fill));
        open = open.filter(({ page }) => page.length > 0);
        const [first] = open.sort(byPlace);
        const job = first?.page.shift();
        if (!job || !given.has(job.id)) {
          if (job) given.add(job.id);
          return job;
        }
      }
    },
    passOver(team) {
      open = open.filter(({ lane }) => lane.team !== team);
    },
  };
}

function byPlace({ page: [a] }: { page: Job[] }, { page: [b] }: { page: Job[] }): number {
  return placeOf(a!) < placeOf(b!) ? -1 : 1;
}
