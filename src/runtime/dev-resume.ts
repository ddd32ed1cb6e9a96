import { randomUUID } from 'node:crypto';
import { toErrorDocument } from '#core/errors';
import type { Job, JobState } from '#core/job';
import { poolQuota, teamQuota } from '#core/leases';
import type { JobStore } from '#core/ports';
import { cancelJob } from '#jobs/cancel';
import { executionRequest } from '#jobs/start';
import { type SweepPorts, type Swept, sweepJobs } from '#jobs/sweep';

export interface Resumed extends Swept {
  /** Jobs that ran when the earlier process died, and run again. */
  resumed: string[];
}

// The states of a job that somebody is at work on; in a folder that is ours alone nobody is.
const UNDER_WAY: JobState[] = ['STARTING', 'RUNNING', 'CANCELING'];
const PAGE = 100;

/**
 * Takes up what an earlier process left in a state folder that is ours alone: what ran is started over, and its steps that
 * are done end at once; what had ended is settled; what was being cancelled is cancelled; what waited waits on, or starts.
 */
export async function resumeJobs(team: string, ports: SweepPorts): Promise<Resumed> {
  const resumed: string[] = [];
  const failed: Swept['failed'] = [];
  for (const job of await jobsUnderWay(team, ports.jobs)) {
    try {
      // One whose end was recorded is settled by the sweep.
      if (await ports.executions.status(job.execution ?? job.id)) await holdPlaces(job, ports);
      else if (job.status === 'CANCELING') await cancelJob(job, ports);
      else resumed.push(await startOver(job, ports));
    } catch (thrown) {
      // One job that can't be taken up must not keep the others waiting.
      const { name, message } = toErrorDocument(thrown);
      failed.push({ jobId: job.id, name, message });
    }
  }
  const swept = await sweepJobs(ports, { all: true, alone: true });
  return { ...swept, resumed, failed: [...failed, ...swept.failed] };
}

async function jobsUnderWay(team: string, jobs: JobStore): Promise<Job[]> {
  const found: Job[] = [];
  let cursor: string | undefined;
  do {
    const page = await jobs.list({ team, status: UNDER_WAY, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.jobs);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

/** Under the same execution's name: the job goes on where its record stands, and is settled as if nothing had been. */
async function startOver(job: Job, ports: SweepPorts): Promise<string> {
  await holdPlaces(job, ports);
  await ports.executions.start(await executionRequest(job, ports));
  return job.id;
}

/** What ran has its places still; a folder of an earlier release knows of none. They are taken beyond any limit. */
async function holdPlaces({ id, team, pool, execution = id }: Job, { leases }: SweepPorts): Promise<void> {
  // The sweep that follows renews them.
  const lease = { holder: execution, jobId: id, token: randomUUID(), until: new Date().toISOString() };
  for (const quota of [teamQuota(team), poolQuota(pool)]) await leases.take(quota, lease, Number.POSITIVE_INFINITY);
}
