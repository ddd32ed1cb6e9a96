import type { Job, Planned } from '#core/job';
import type { ExecutionInput, WorkloadRegistry } from '#core/ports';
import type { Device, Workload } from '#core/workload';
import { type ContentPorts, contentKeys, type JobContent } from './content-key.ts';
import type { ReusableStep } from './finished-work.ts';
import { RequestRefused } from './refusal.ts';
import { workloadOf } from './registry.ts';
import { adoptSteps, type ReuseRule, reusableSteps, reuseOf } from './reuse.ts';
import { newestVerdict, type VerdictPorts } from './verdicts.ts';

export type Plan = ExecutionInput['plan'];

export interface PlanPorts extends VerdictPorts, ReuseRule {
  registry: WorkloadRegistry;
  models: ContentPorts['models'];
  /** What container steps shall run on where they can run on both. */
  device?: Device;
  /** False where nothing that a job leaves is there for the next one. */
  reuse?: boolean;
}

/**
 * Plans the starts of jobs. A first start takes over what other jobs have done with the same content; a later one what the
 * job itself has done. The plan is kept in the job's record before anything is started by it: whoever starts the same
 * execution again does it by the same plan.
 * @throws RequestRefused when a later start could only end as the one before.
 */
export function openPlanner(ports: PlanPorts): (job: Job) => Promise<Plan> {
  const { registry, jobs, device = 'cpu', reuse = true } = ports;
  return async (job) => {
    const { id, execution = id, planned } = job;
    // It was begun by this plan; what it has done since must not change it.
    if (job.status !== 'QUEUED' && planned?.execution === execution) return planned.plan;
    const workload = await workloadOf(job, registry);
    const isFirst = execution === id;
    if (isFirst && !reuse) return planOf(workload, device);
    const { steps, ...start } = isFirst
      ? await planFresh(job, workload, ports)
      : // The keys stay: what is done stays done, whatever its code and models are now.
        { ...planned, plan: await planAgain(job, workload, device, ports), steps: [] };

    const reused = reuseOf(steps);
    const kept = await jobs.plan(id, { ...start, execution }, reused.length > 0 ? reused : undefined);
    if (kept) {
      const adopted = steps.filter(({ step }) => kept.reused?.some((one) => one.step === step));
      await adoptSteps(job, adopted, ports);
    }
    const { planned: stands } = kept ?? (await jobs.get(id)) ?? job;
    return stands?.execution === execution ? stands.plan : start.plan;
  };
}

export interface FreshPlan extends Required<Pick<Planned, 'plan' | 'keys' | 'stamps'>> {
  /** What other jobs have done. */
  steps: ReusableStep[];
}

/** How a job would start that has done nothing yet; nothing is written. */
export async function planFresh(
  job: JobContent & Pick<Job, 'reuse'>,
  workload: Workload,
  ports: Omit<PlanPorts, 'jobs'>,
): Promise<FreshPlan> {
  const plan = planOf(workload, ports.device);
  const { keys, stamps } = await contentKeys(job, workload, plan, ports);
  const steps = job.reuse === false ? [] : await reusableSteps(keys, workload, ports);
  for (const { step, isComplete } of steps) if (isComplete && step in plan) plan[step] = 'reuse';
  return { plan, keys, stamps, steps };
}

/** Where each container step shall run: on the wanted device if it can, else on one that it can. */
export function planOf({ steps }: Workload, device: Device = 'cpu'): Plan {
  return Object.fromEntries(
    Object.entries(steps).flatMap(([name, placed]) => {
      if (placed.runs !== 'container') return [];
      return [[name, placed.devices.includes(device) ? device : placed.devices[0]!]];
    }),
  );
}

/**
 * The plan of a job that starts over: `reuse` for each container step that is done. One that ran as shards is done when a
 * later step was started; otherwise its shards run again, and those that have a verdict end at once.
 * @throws RequestRefused when a step's verdict is an error that a new start could only raise again.
 */
export async function planAgain(job: Job, workload: Workload, device: Device, ports: VerdictPorts): Promise<Plan> {
  const plan = planOf(workload, device);
  const names = Object.keys(workload.steps);
  for (const [index, step] of names.entries()) {
    if (!(step in plan)) continue;
    const once = await newestVerdict({ jobId: job.id, step }, ports);
    if (once?.status === 'rejected') {
      throw new RequestRefused(
        'NotReplayable',
        `${step} of job ${job.id} ended with a verdict that stands: ${once.error.name}, ${once.error.message}`,
        'Submit the job again once the reason is gone.',
      );
    }
    if (once || (await anyStarted(job.id, names.slice(index + 1), ports))) plan[step] = 'reuse';
  }
  return plan;
}

async function anyStarted(jobId: string, steps: string[], { jobs }: VerdictPorts): Promise<boolean> {
  for (const step of steps) {
    const attempts = [await jobs.latestAttempt(jobId, step), await jobs.latestAttempt(jobId, step, 0)];
    if (attempts.some((latest) => latest > 0)) return true;
  }
  return false;
}
