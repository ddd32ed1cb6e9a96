import type { Limits } from '#core/leases';
import type { JobStore } from '#core/ports';
import { POOLS } from '#core/queue';

export interface QueueRoomPorts {
  jobs: Pick<JobStore, 'lanes' | 'depth'>;
  limits: Pick<Limits, 'queued'>;
  now?: () => Date;
}

// Between two counts a queue of tens of thousands may grow by what arrives in these seconds; it need not be exact.
const COUNTED_MS = 5_000;

/** Tells whether a team may put one more job into the queue. Counting is left out as long as the last count holds. */
export function openQueueRoom({ jobs, limits, now = () => new Date() }: QueueRoomPorts) {
  const counts = new Map<string, { waiting: number; at: number }>();

  return async (team: string): Promise<boolean> => {
    const at = now().getTime();
    const last = counts.get(team);
    const count =
      last && at - last.at < COUNTED_MS ? last : { waiting: await waitingOf(team, jobs, limits.queued), at };
    counts.set(team, count);
    if (count.waiting >= limits.queued) return false;
    count.waiting += 1;
    return true;
  };
}

async function waitingOf(team: string, jobs: QueueRoomPorts['jobs'], most: number): Promise<number> {
  const lanes = (await Promise.all(POOLS.map((pool) => jobs.lanes(pool)))).flat();
  const depths = lanes.filter((lane) => lane.team === team).map((lane) => jobs.depth(lane, most));
  return (await Promise.all(depths)).reduce((sum, depth) => sum + depth, 0);
}
