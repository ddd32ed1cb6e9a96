import { isSettled, type Job } from '#core/job';
import type { Executions, JobStore } from '#core/ports';
import { RequestRefused } from './refusal.ts';

export interface CancelPorts {
  jobs: JobStore;
  executions: Pick<Executions, 'stop'>;
  now?: () => Date;
}

/**
 * Cancels a job: it is CANCELING from here on, its execution is stopped, and the settlement of that ends it. A job that was
 * never started has nothing to settle and is CANCELED at once. Harmless when repeated, also after somebody died on the way.
 * An execution that ended by itself meanwhile keeps its end.
 * @returns the job as it is then. @throws RequestRefused for a job that ended otherwise.
 */
export async function cancelJob({ id }: Job, { jobs, executions, now = () => new Date() }: CancelPorts): Promise<Job> {
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
