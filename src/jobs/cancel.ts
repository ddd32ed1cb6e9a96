import { isSettled, type Job } from '#core/job';
import type { Executions, JobStore } from '#core/ports';
import { RequestRefused } from './refusal.ts';

export interface CancelPorts {
  jobs: JobStore;
  executions: Pick<Executions, 'stop'>;
  now?: () => Date;
}

/**
 * Cancels a job. One that waits its turn is CANCELED at once: it has no place, so nobody would see to it if we died on the
 * way. Any other is CANCELING from here on, its execution is stopped, and the settlement of that ends it. Harmless when
 * repeated, also after somebody died on the way. An execution that ended by itself meanwhile keeps its end.
 * @returns the job as it is then. @throws RequestRefused for a job that ended otherwise.
 */
export async function cancelJob({ id }: Job, ports: CancelPorts): Promise<Job> {
  const { jobs, executions, now = () => new Date() } = ports;
  const waiting = await cancelWaiting(id, ports);
  if (waiting) return waiting;
  const job = (await jobs.transition(id, 'CANCELING')) ?? (await jobs.get(id))!;
  if (job.status === 'CANCELED') return job;
  if (isSettled(job.status)) {
    throw new RequestRefused(
      'NotCancellable',
      `Job ${id} is ${job.status}; only a job that has not ended can be cancelled.`,
      'There is nothing left to stop.',
    );
  }
  const { execution = id } = job;
  if (await executions.stop(execution)) return (await jobs.get(id))!;
  // Nothing runs, and whoever is about to start it looks afterwards whether it was cancelled.
  const endedAt = now().toISOString();
  return (await jobs.transition(id, 'CANCELED', { endedAt }, job.execution)) ?? (await jobs.get(id))!;
}

async function cancelWaiting(
  id: string,
  { jobs, executions, now = () => new Date() }: CancelPorts,
): Promise<Job | undefined> {
  const job = await jobs.get(id);
  if (job?.status !== 'QUEUED') return undefined;
  const { execution = id } = job;
  const canceled = await jobs.transition(id, 'CANCELED', { endedAt: now().toISOString() }, job.execution);
  // Its turn may have come just now. Whoever starts it looks afterwards, too.
  if (canceled) await executions.stop(execution);
  return canceled;
}
