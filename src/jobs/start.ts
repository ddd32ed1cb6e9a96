import { StepreelError } from '#core/errors';
import type { Job } from '#core/job';
import type { ExecutionInput, Executions, JobStore } from '#core/ports';

export interface StartPorts {
  jobs: JobStore;
  executions: Pick<Executions, 'start' | 'stop'>;
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
  job: Job,
  plan: ExecutionInput['plan'],
  { jobs, executions, now = () => new Date() }: StartPorts,
): Promise<Job> {
  const { id, workload, execution = id } = job;
  try {
    await executions.start({ jobId: id, name: execution, workload, input: executionInput(job, plan) });
  } catch (thrown) {
    if (!(thrown instanceof StepreelError)) throw thrown;
    if (thrown.retryable) return (await jobs.get(id))!;
    const { name, message } = thrown;
    await jobs.transition(id, 'FAILED', { error: { name, message }, endedAt: now().toISOString() }, execution);
    throw thrown;
  }
  // A job that FAILED may go to STARTING too, by a redrive. This is none: a job that is no longer QUEUED is left alone.
  const found = (await jobs.get(id))!;
  if (isCancelled(found)) await executions.stop(execution);
  if (found.status !== 'QUEUED') return found;
  return (
    (await jobs.transition(id, 'STARTING', { startedAt: now().toISOString() }, execution)) ?? (await jobs.get(id))!
  );
}

/**
 * True for a job that was cancelled while it was being started: whoever cancelled it may have found nothing to stop yet,
 * so whoever started it stops it.
 */
export function isCancelled({ status }: Job): boolean {
  return status === 'CANCELING' || status === 'CANCELED';
}

/** What an execution of a job is given: the same for the same job and plan, so that starting twice is harmless. */
export function executionInput({ id, team, project }: Job, plan: ExecutionInput['plan']): ExecutionInput {
  return { jobId: id, team, project, plan };
}
