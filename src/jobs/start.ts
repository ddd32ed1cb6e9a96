import { StepreelError } from '#core/errors';
import type { Job } from '#core/job';
import type { ExecutionInput, Executions, JobStore } from '#core/ports';

export interface StartPorts {
  jobs: JobStore;
  executions: Pick<Executions, 'start'>;
  now?: () => Date;
}

/**
 * Starts the execution of a QUEUED job, then records STARTING. Nothing is lost between the two: the execution has the
 * job's name and starting it twice is harmless, so a sweep does it again for whoever died here.
 * @returns the job as it is then: QUEUED still, for the sweep, when the start failed in a way that passes.
 * @throws what the start threw otherwise. The job is FAILED when the error is one of ours; after any other nobody knows
 * whether the execution runs, and the job stays QUEUED.
 */
export async function startJob(
  { id, workload, execution = id }: Job,
  plan: ExecutionInput['plan'],
  { jobs, executions, now = () => new Date() }: StartPorts,
): Promise<Job> {
  try {
    await executions.start({ jobId: id, name: execution, workload, input: { jobId: id, plan } });
  } catch (thrown) {
    if (!(thrown instanceof StepreelError)) throw thrown;
    if (thrown.retryable) return (await jobs.get(id))!;
    const { name, message } = thrown;
    await jobs.transition(id, 'FAILED', { error: { name, message }, endedAt: now().toISOString() }, execution);
    throw thrown;
  }
  // A job that FAILED may go to STARTING too, by a redrive. This is none: a job that is no longer QUEUED is left alone.
  const job = (await jobs.get(id))!;
  if (job.status !== 'QUEUED') return job;
  return (
    (await jobs.transition(id, 'STARTING', { startedAt: now().toISOString() }, execution)) ?? (await jobs.get(id))!
  );
}
