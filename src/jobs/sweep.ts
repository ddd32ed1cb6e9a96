import { isRetryable, toErrorDocument } from '#core/errors';
import type { Job } from '#core/job';
import type { DeadLetters, WorkloadRegistry } from '#core/ports';
import type { Device } from '#core/workload';
import { keepDeadLetter } from './dead-letter.ts';
import { planOf } from './plan.ts';
import { type StartPorts, startJob } from './start.ts';

export interface SweepPorts extends StartPorts {
  registry: WorkloadRegistry;
  deadLetters: Pick<DeadLetters, 'put'>;
  device?: Device;
  /** How long a recorded job may wait to be started before the sweep starts it: two minutes if not given. */
  overdueMs?: number;
}

export interface Swept {
  started: string[];
  /** Jobs whose start failed in a way that passes: the next sweep tries again. */
  waiting: string[];
  /** Jobs that could not be started, for the operator; those that are QUEUED still are tried again. */
  failed: { jobId: string; name: string; message: string }[];
}

// Whoever records a job starts it within seconds. Longer than that, and shorter than anybody's patience.
const OVERDUE_MS = 120_000;
const AT_ONCE = 100;

/** Starts the jobs that were recorded and, because somebody died in between, not started. Harmless when repeated. */
export async function sweepJobs(ports: SweepPorts): Promise<Swept> {
  const { jobs, now = () => new Date(), overdueMs = OVERDUE_MS } = ports;
  const before = new Date(now().getTime() - overdueMs).toISOString();
  const swept: Swept = { started: [], waiting: [], failed: [] };
  for (const job of await jobs.unstarted(before, AT_ONCE)) await sweepOne(job, ports, swept);
  return swept;
}

async function sweepOne(job: Job, ports: SweepPorts, swept: Swept): Promise<void> {
  try {
    const plan = planOf(await ports.registry.get(job.workload), ports.device);
    const { status } = await startJob(job, plan, ports);
    (status === 'QUEUED' ? swept.waiting : swept.started).push(job.id);
  } catch (thrown) {
    // One job that can't be started must not keep the others waiting.
    if (isRetryable(thrown)) {
      swept.waiting.push(job.id);
      return;
    }
    const { name, message } = toErrorDocument(thrown);
    swept.failed.push({ jobId: job.id, name, message });
    // No execution, so no event of its end: the letter is written here.
    await keepDeadLetter((await ports.jobs.get(job.id)) ?? job, ports.deadLetters);
  }
}
