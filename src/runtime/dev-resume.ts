import { toErrorDocument } from '#core/errors';
import type { Job, JobState } from '#core/job';
import type { Executions, JobStore } from '#core/ports';
import { cancelJob } from '#jobs/cancel';
import { planOf } from '#jobs/plan';
import { executionInput } from '#jobs/start';
import { type SweepPorts, type Swept, sweepJobs } from '#jobs/sweep';

export interface ResumePorts extends SweepPorts {
  jobs: JobStore;
  executions: Pick<Executions, 'start' | 'stop'>;
}

export interface Resumed extends Swept {
  /** Jobs that ran when the earlier process died, and run again. */
  resumed: string[];
}

// The states of a job that somebody is at work on; in a folder that is ours alone nobody is.
const UNDER_WAY: JobState[] = ['STARTING', 'RUNNING', 'CANCELING'];
const PAGE = 100;

/**
 * Takes up what an earlier process left in a state folder that is ours alone: what ran is started over, and its steps that
 * are done end at once; what was being cancelled is cancelled; what was recorded and not started is started.
 */
export async function resumeJobs(team: string, ports: ResumePorts): Promise<Resumed> {
  const resumed: string[] = [];
  const failed: Swept['failed'] = [];
  for (const job of await jobsUnderWay(team, ports.jobs)) {
    try {
      if (job.status === 'CANCELING') await cancelJob(job, ports);
      else resumed.push(await startOver(job, ports));
    } catch (thrown) {
      // One job that can't be taken up must not keep the others waiting.
      const { name, message } = toErrorDocument(thrown);
      failed.push({ jobId: job.id, name, message });
    }
  }
  const swept = await sweepJobs({ ...ports, overdueMs: 0 });
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
async function startOver(job: Job, { registry, executions }: ResumePorts): Promise<string> {
  const { id, workload, execution = id } = job;
  const plan = planOf(await registry.get(workload));
  await executions.start({ jobId: id, name: execution, workload, input: executionInput(job, plan) });
  return id;
}
