import type { Job } from '#core/job';
import type { ArtifactStore, DeadLetters, ExecutionRequest, WorkloadRegistry } from '#core/ports';
import type { Device } from '#core/workload';
import { planAgain } from './plan.ts';
import { RequestRefused } from './refusal.ts';
import { executionInput, isCancelled, type StartPorts } from './start.ts';

/** Where a new start takes a job up. */
export type Restart = Omit<ExecutionRequest, 'jobId' | 'name' | 'workload' | 'input'> & ExecutionPlan;
type ExecutionPlan = Pick<ExecutionRequest['input'], 'plan'>;

/**
 * Starts a FAILED or TIMED_OUT job again, under a new execution's name. One that died between the record and the start is
 * in STARTING: it is started now, and that twice is harmless.
 * @throws RequestRefused for a job in any other state, or one that somebody else starts just now.
 */
export async function restartJob(
  job: Job,
  { plan, from }: Restart,
  { jobs, executions, now = () => new Date() }: StartPorts,
): Promise<Job> {
  requireRestartable(job);
  const restarted = isBegun(job) ? job : await recordRestart(job, jobs, now());
  const { id, workload, execution = id } = restarted;
  await executions.start({
    jobId: id,
    name: execution,
    workload,
    input: executionInput(restarted, plan),
    ...(from ? { from } : {}),
  });
  const begun = await jobs.get(id);
  if (begun && isCancelled(begun)) await executions.stop(execution);
  return restarted;
}

async function recordRestart(job: Job, jobs: StartPorts['jobs'], now: Date): Promise<Job> {
  const changes = { execution: nextExecutionName(job), startedAt: now.toISOString() };
  const restarted = await jobs.transition(job.id, 'STARTING', changes, job.execution);
  if (restarted) return restarted;
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

/** A restart was recorded, and no step has run since. */
function isBegun({ status, execution }: Job): boolean {
  return status === 'STARTING' && REDRIVE.test(execution ?? '');
}

const REDRIVE = /-redrive-(\d+)$/;

/** Every execution that a job has had, in order: they are numbered. */
export function executionNames({ id, execution = id }: Job): string[] {
  const last = Number(REDRIVE.exec(execution)?.[1] ?? 0);
  return [id, ...Array.from({ length: last }, (_, index) => `${id}-redrive-${index + 1}`)];
}

/** `<jobId>`, `<jobId>-redrive-1`, `<jobId>-redrive-2`, … */
function nextExecutionName({ id, execution = id }: Job): string {
  const last = Number(REDRIVE.exec(execution)?.[1] ?? 0);
  return `${id}-redrive-${last + 1}`;
}

export interface ReplayPorts extends StartPorts {
  registry: WorkloadRegistry;
  artifacts: ArtifactStore;
  deadLetters: DeadLetters;
  device?: Device;
}

/**
 * Starts a dead-lettered job over from its first state: steps that are done are not run again. Its letter is taken out last,
 * so that a replay that dies on the way can be repeated.
 */
export async function replayJob(job: Job, ports: ReplayPorts): Promise<Job> {
  requireRestartable(job);
  const workload = await ports.registry.get(job.workload);
  const plan = await planAgain(job, workload, ports.device ?? 'cpu', ports);
  const restarted = await restartJob(job, { plan }, ports);
  await ports.deadLetters.remove(job.id);
  return restarted;
}
