import type { Job } from '#core/job';
import { stepPrefix } from '#core/names';
import type { Workload } from '#core/workload';
import type { ReusableStep } from './finished-work.ts';
import { type Plan, type PlanPorts, planFresh, planOf } from './plan.ts';
import { allAttempts, finalVerdicts, type StepEnd, type VerdictPorts } from './verdicts.ts';

/** What a new start of a job, or a new job like it, would do. */
export interface Outlook {
  plan: Plan;
  steps: StepOutlook[];
}

export interface StepOutlook {
  step: string;
  /** What of it is still to be done: `rest` where it runs as shards, and some of them are done. */
  runs: 'all' | 'rest' | 'none';
  /** The jobs that did what is taken over. */
  from: string[];
}

/** What a job with this content would take over from other jobs, and run. Nothing is written. */
export async function freshOutlook(
  job: Parameters<typeof planFresh>[0],
  workload: Workload,
  ports: Omit<PlanPorts, 'jobs'>,
): Promise<Outlook> {
  const { plan, steps } = await planFresh(job, workload, ports);
  const found = new Map(steps.map((one) => [one.step, one]));
  return { plan, steps: Object.keys(workload.steps).map((step) => outlookOf(step, found.get(step))) };
}

function outlookOf(step: string, found: ReusableStep | undefined): StepOutlook {
  if (!found) return { step, runs: 'all', from: [] };
  const from = [...new Set(found.parts.map(({ jobId }) => jobId))].sort();
  return { step, runs: found.isComplete ? 'none' : 'rest', from };
}

/** What a new start of this very job would do: whatever has a verdict is done. */
export async function redriveOutlook(
  job: Job,
  workload: Workload,
  ports: VerdictPorts & Pick<PlanPorts, 'device'>,
): Promise<Outlook> {
  const verdicts = await finalVerdicts(job.id, workload, ports);
  const attempts = await allAttempts(job.id, workload, ports);
  const failedIn = job.error?.step;
  const plan = planOf(workload, ports.device);
  const steps = Object.keys(workload.steps).map((step): StepOutlook => {
    const isDone = verdicts.some((one) => one.step === step);
    const parts = new Set(attempts.filter((one) => one.step === step).map(({ shard }) => shard)).size;
    const done = verdicts.filter((one) => one.step === step).length;
    const runs = !isDone ? 'all' : step === failedIn || done < parts ? 'rest' : 'none';
    if (runs === 'none' && step in plan) plan[step] = 'reuse';
    return { step, runs, from: isDone ? [job.id] : [] };
  });
  return { plan, steps };
}

/**
 * Why a job that failed can't be started again, though its state would allow it: it would go on with what another version
 * of the workload did, end as before, or miss what was removed. @returns undefined when nothing is in the way.
 */
export async function redriveObstacle(job: Job, workload: Workload, ports: VerdictPorts): Promise<string | undefined> {
  if (job.workloadVersion !== workload.version) {
    return `It was begun with version ${job.workloadVersion} of ${workload.name}, and ${workload.version} is here now.`;
  }
  const ends = await finalVerdicts(job.id, workload, ports);
  for (const { step, verdict } of ends) {
    if (verdict.status === 'rejected') {
      return `${step} ended with a verdict that stands: ${verdict.error.name}, ${verdict.error.message}`;
    }
  }
  const gone = await firstGone(ends, ports);
  return gone && `What ${gone.step} left is not there any more: ${gone.key}.`;
}

/** An artifact that a verdict names, of this job or of one whose work it took over, and that was removed. */
async function firstGone(
  ends: StepEnd[],
  { artifacts }: VerdictPorts,
): Promise<{ step: string; key: string } | undefined> {
  const listed = new Map<string, Promise<Set<string>>>();
  for (const { step, verdict } of ends) {
    for (const { key } of verdict.artifacts) {
      const prefix = stepPrefix({ jobId: key.split('/')[1]!, step });
      const keys = listed.get(prefix) ?? artifacts.list(prefix).then((found) => new Set(found));
      listed.set(prefix, keys);
      if (!(await keys).has(key)) return { step, key };
    }
  }
  return undefined;
}
