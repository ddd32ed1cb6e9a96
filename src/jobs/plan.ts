import type { Job } from '#core/job';
import type { ExecutionInput } from '#core/ports';
import type { Device, Workload } from '#core/workload';
import { RequestRefused } from './refusal.ts';
import { newestVerdict, type VerdictPorts } from './verdicts.ts';

type Plan = ExecutionInput['plan'];

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
