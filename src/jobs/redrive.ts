import type { Job } from '#core/job';
import type { DeadLetters } from '#core/ports';
import { A_FEW, type AdmitPorts, admitJobs } from './admit.ts';
import { nextExecutionName, previousExecutionName } from './execution-names.ts';
import { RequestRefused } from './refusal.ts';

export interface ReplayPorts extends AdmitPorts {
  deadLetters: DeadLetters;
}

/** What a later start has otherwise: see `nextSizes`. */
export type RestartChanges = Pick<Job, 'sizes'>;

/**
 * Puts a FAILED or TIMED_OUT job into the queue again, under a new execution's name: it waits its turn like a new one, and
 * steps that are done are not run again. Its letter is taken out last, so that a replay that dies on the way can be
 * repeated.
 * @returns the job as it is then, STARTING if there was a place for it.
 * @throws RequestRefused for a job in any other state, one that somebody else starts just now, or one that could only end as
 * before.
 */
export async function replayJob(job: Job, ports: ReplayPorts, changes: RestartChanges = {}): Promise<Job> {
  const { jobs, deadLetters } = ports;
  requireRestartable(job);
  const queued = isBegun(job) ? job : await queueAgain(job, changes, ports);
  const letter = await deadLetters.remove(job.id);
  // Its turn may have come and ended before this line did: that letter is a new one.
  if (letter && letter.execution === queued.execution) await deadLetters.put(letter);
  if (queued.status === 'QUEUED') await admitJobs(ports, { pool: queued.pool, newcomer: queued, most: A_FEW });
  return (await jobs.get(job.id)) ?? queued;
}

async function queueAgain(
  job: Job,
  changes: RestartChanges,
  { jobs, plan, now = () => new Date() }: ReplayPorts,
): Promise<Job> {
  const execution = nextExecutionName(job);
  // What would be refused in its turn is refused now, while somebody hears of it.
  await plan({ ...job, execution });
  const again = { ...changes, execution, queuedAt: now().toISOString() };
  const queued = await jobs.transition(job.id, 'QUEUED', again, job.execution);
  if (queued) return queued;
  throw new RequestRefused(
    'NotReplayable',
    `Job ${job.id} was started again by somebody else just now.`,
    'Look at the job.',
  );
}

/** @throws RequestRefused unless a new start is possible. */
export function requireRestartable(job: Job): void {
  if (job.status === 'FAILED' || job.status === 'TIMED_OUT' || isBegun(job)) return;
  throw new RequestRefused(
    'NotReplayable',
    `Job ${job.id} is ${job.status}; only a FAILED or TIMED_OUT job can be started again.`,
    'Submit a new job instead.',
  );
}

/** A new start was recorded, and no step has run since. */
function isBegun(job: Job): boolean {
  return (job.status === 'QUEUED' || job.status === 'STARTING') && previousExecutionName(job) !== undefined;
}
