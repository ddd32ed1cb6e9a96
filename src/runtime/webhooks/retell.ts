import { isSettled, JOB_STATES } from '#core/job';
import type { Notices } from '#core/notices';
import type { JobStore } from '#core/ports';
import { tellJobEnd } from '#jobs/notify';
import { REMEMBERED_MS } from './deliver.ts';

export interface RetellPorts {
  jobs: Pick<JobStore, 'list'>;
  notices: Notices;
  now?: () => Date;
}

const ENDED = JOB_STATES.filter(isSettled);
const PAGE = 200;

/**
 * Tells again how the jobs of the last day ended that named a receiver: an earlier process may have died between the record
 * and the notice. What was told is remembered for longer than that, so nobody hears of it twice.
 */
export async function retellEnds(team: string, { jobs, notices, now = () => new Date() }: RetellPorts): Promise<void> {
  const time = now().getTime();
  const since = new Date(time - REMEMBERED_MS).toISOString();
  const endedSince = new Date(time - REMEMBERED_MS / 2).toISOString();
  let cursor: string | undefined;
  do {
    const page = await jobs.list({ team, status: ENDED, since, cursor, limit: PAGE });
    for (const job of page.jobs) {
      if (job.notify && (job.endedAt ?? '') >= endedSince) await tellJobEnd(job, notices);
    }
    cursor = page.next;
  } while (cursor !== undefined);
}
