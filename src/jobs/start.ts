import { isRetryable, StepreelError, toErrorDocument } from '#core/errors';
import { type Job, movedOn } from '#core/job';
import type { DeadLetters, ExecutionInput, ExecutionRequest, Executions, JobStore } from '#core/ports';
import { taskSizes } from '#core/sizes';
import { keepDeadLetter } from './dead-letter.ts';
import { previousExecutionName } from './execution-names.ts';
import { RequestRefused } from './refusal.ts';
import { resized } from './size-up.ts';

export interface StartPorts {
  jobs: JobStore;
  executions: Pick<Executions, 'start' | 'stop' | 'status' | 'resumePoint'>;
  /** What each container step of a job shall run on, or that it need not run. */
  plan: (job: Job) => Promise<ExecutionInput['plan']>;
  deadLetters: Pick<DeadLetters, 'put'>;
  /** Why a job that can't be started failed: told of the job as it is about to be. */
  account?: (job: Job) => Promise<Pick<Job, 'charge' | 'error'>>;
  now?: () => Date;
}

/**
 * What became of a start. `put off`: it failed in a way that passes. `failed`: the job is FAILED. `stuck`: it failed with what
 * is not ours, and the job stays where it is. `unknown`: it may run, and only a later look at the execution can tell. Unless
 * it was started, or may have been, there is no execution.
 */
export type Start =
  | { outcome: 'started' | 'put off' | 'unknown' }
  | { outcome: 'failed' | 'stuck'; error: { name: string; message: string } };

/**
 * Starts the execution of a QUEUED job, then records STARTING. Nothing is lost between the two: whoever looks at the
 * execution later finds it, and records what it finds. Past `startBy` nothing is started.
 */
export async function startJob(job: Job, startBy: Date, ports: StartPorts): Promise<Start> {
  const { executions, now = () => new Date() } = ports;
  const { id, execution = id } = job;
  let request: ExecutionRequest;
  try {
    request = await executionRequest(job, ports);
  } catch (thrown) {
    return await giveUp(job, thrown, ports);
  }
  if (now() > startBy) return { outcome: 'put off' };
  try {
    await executions.start(request);
  } catch (thrown) {
    // The answer may be lost where the start was not, and whoever holds the name is this job's own execution.
    const found = await executions.status(execution).catch(() => 'unknown' as const);
    if (found === 'unknown') return { outcome: 'unknown' };
    if (!found) return await giveUp(job, thrown, ports);
  }
  await recordStart(job, ports);
  return { outcome: 'started' };
}

/**
 * What an execution of a job is started with: a later one begins where the one before it failed, where that is possible.
 * @throws what the plan throws.
 */
export async function executionRequest(
  job: Job,
  { plan, executions }: Pick<StartPorts, 'plan' | 'executions'>,
): Promise<ExecutionRequest> {
  const { id: jobId, execution: name = jobId, workload, team, project, sizes } = job;
  const previous = previousExecutionName(job);
  const resume = previous === undefined ? undefined : await executions.resumePoint?.(previous);
  const planned = await plan(job);
  return {
    jobId,
    name,
    workload,
    input: { jobId, team, project, plan: resume?.plan ?? planned, ...(sizes && { size: taskSizes(sizes) }) },
    ...(resume && { from: { state: resume.state, input: resized(resume.input, job) } }),
  };
}

async function recordStart({ id, execution = id }: Job, { jobs, executions, now = () => new Date() }: StartPorts) {
  if (await jobs.transition(id, 'STARTING', { startedAt: now().toISOString() }, execution)) return;
  // It was quicker than this record; or somebody cancelled it, and may have found nothing to stop yet.
  const found = await jobs.get(id);
  if (found && isCancelled(found)) await executions.stop(execution);
}

function isCancelled({ status }: Job): boolean {
  return status === 'CANCELING' || status === 'CANCELED';
}

async function giveUp(job: Job, thrown: unknown, ports: StartPorts): Promise<Start> {
  if (isRetryable(thrown)) return { outcome: 'put off' };
  const { name, message } = toErrorDocument(thrown);
  // Anything that is not ours may be a fault of the moment: a permission, a bug.
  if (!(thrown instanceof StepreelError || thrown instanceof RequestRefused)) {
    return { outcome: 'stuck', error: { name, message } };
  }
  await failJob(job, { name, message }, ports);
  return { outcome: 'failed', error: { name, message } };
}

/** Ends a job that has no execution, so that no event will tell of an end, and keeps its letter. */
export async function failJob(
  job: Job,
  error: { name: string; message: string },
  { jobs, deadLetters, account, now = () => new Date() }: Omit<StartPorts, 'executions' | 'plan'>,
): Promise<void> {
  const { id, execution = id } = job;
  const changes = { error, endedAt: now().toISOString() };
  const accounted = await account?.(movedOn(job, 'FAILED', changes));
  await jobs.transition(id, 'FAILED', { ...changes, ...accounted }, execution);
  const failed = await jobs.get(id);
  if (failed?.execution === execution) await keepDeadLetter(failed, deadLetters);
}
