import type { Job } from '#core/job';
import type { ArtifactStore } from '#core/ports';
import type { Priority } from '#core/queue';
import type { Workload } from '#core/workload';
import { freshOutlook, type Outlook, redriveObstacle, redriveOutlook } from './outlook.ts';
import type { PlanPorts } from './plan.ts';
import { type JobQuote, quoteJob } from './quote-job.ts';
import { type ReplayPorts, type RestartChanges, replayJob, requireRestartable } from './redrive.ts';
import { checkRequest, type SubmitPorts, type SubmitRequest, submitJob } from './submit.ts';

/** What a clone has otherwise than the job that it is made of. */
export interface CloneChanges {
  /** Over the job's own; null takes one out. */
  params?: Record<string, unknown> | undefined;
  priority?: Priority | undefined;
  reuse?: boolean | undefined;
}

export interface ClonePorts
  extends Omit<SubmitPorts, 'deadLetters'>,
    ReplayPorts,
    Pick<PlanPorts, 'models' | 'reuseDays'> {
  artifacts: ArtifactStore;
}

/** Which of the two it is, and what it takes. */
export interface Again extends Outlook {
  way: 'redrive' | 'clone';
  /** Why it is no redrive, where one was asked for. */
  because?: string;
  quote: JobQuote;
}

/** The request of a job with changes. Of its batch the new job is no member: that is counted already. */
export function cloneRequest(job: Job, { params = {}, priority, reuse }: CloneChanges, key?: string): SubmitRequest {
  const changed = Object.entries({ ...job.params, ...params }).filter(([, value]) => value !== null);
  return {
    workload: job.workload,
    input: job.input,
    params: Object.fromEntries(changed),
    team: job.team,
    project: job.project,
    priority: priority ?? job.priority,
    tags: job.tags,
    notify: job.notify,
    sizes: job.sizes,
    clonedFrom: job.id,
    reuse,
    key,
  };
}

/** Submits a job's request again, with changes. @throws what submitting throws. */
export async function cloneJob(
  job: Job,
  changes: CloneChanges,
  ports: ClonePorts,
  key?: string,
): Promise<{ job: Job; isNew: boolean }> {
  return await submitJob(cloneRequest(job, changes, key), ports);
}

/** What a clone would do and cost. @throws InputError that lists what is wrong with its parameters. */
export async function explainClone(job: Job, changes: CloneChanges, ports: ClonePorts): Promise<Again> {
  const workload = await ports.registry.get(job.workload);
  const request = cloneRequest(job, changes);
  const params = checkRequest(workload, request);
  const { reuse } = changes;
  const content = { team: job.team, input: job.input, params, ...(reuse === undefined ? {} : { reuse }) };
  return await priced('clone', job, workload, await freshOutlook(content, workload, ports), ports);
}

/**
 * What starting a job again would do: a redrive where that is possible, otherwise a clone without changes.
 * @throws RequestRefused for a job that has neither failed nor been cancelled.
 */
export async function explainRedrive(job: Job, ports: ClonePorts): Promise<Again> {
  const workload = await ports.registry.get(job.workload);
  const because = await obstacleTo(job, workload, ports);
  if (because !== undefined) return { ...(await explainClone(job, {}, ports)), because };
  return await priced('redrive', job, workload, await redriveOutlook(job, workload, ports), ports);
}

export interface DoneAgain {
  did: 'redrive' | 'clone';
  because?: string;
  job: Job;
}

/**
 * Starts a job again where that is possible, and otherwise clones it. Asked twice, it makes one clone.
 * @throws RequestRefused as `explainRedrive`; InputError when the clone would be refused.
 */
export async function redriveOrClone(job: Job, ports: ClonePorts, changes: RestartChanges = {}): Promise<DoneAgain> {
  const workload = await ports.registry.get(job.workload);
  const because = await obstacleTo(job, workload, ports);
  if (because === undefined) return { did: 'redrive', job: await replayJob(job, ports, changes) };
  // No key of a client has a space in it.
  const { job: clone } = await cloneJob({ ...job, ...changes }, {}, ports, `instead of ${job.execution ?? job.id}`);
  await ports.deadLetters.remove(job.id);
  return { did: 'clone', because, job: clone };
}

async function obstacleTo(job: Job, workload: Workload, ports: ClonePorts): Promise<string | undefined> {
  if (job.status === 'CANCELED') return 'It was cancelled, and its execution has ended.';
  requireRestartable(job);
  // A redrive that was recorded and not begun is only to be begun.
  if (job.status !== 'FAILED' && job.status !== 'TIMED_OUT') return undefined;
  return await redriveObstacle(job, workload, ports);
}

async function priced(
  way: Again['way'],
  { team, input, priority }: Job,
  workload: Workload,
  outlook: Outlook,
  ports: ClonePorts,
): Promise<Again> {
  const quote = await quoteJob({ workload, team, input, priority, plan: outlook.plan }, ports);
  return { way, ...outlook, quote };
}
