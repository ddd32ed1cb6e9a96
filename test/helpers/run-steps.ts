import { join } from 'node:path';
import type { JobInput } from '#core/job';
import type { Verdict } from '#core/verdict';
import type { Device, Workload } from '#core/workload';
import { openStateFolder } from '#runtime/environment';
import { jsonLogger } from '#runtime/json-log';
import { runStep } from '#runtime/step-run';
import { aJob } from '../conformance/job-store.ts';

const noModels = { fetch: () => Promise.reject(new Error('This workload has no model.')) };

/** Runs some steps of a workload one after another in this process, on the local stores. @returns their verdicts. */
export async function runSteps(
  workload: Workload,
  steps: readonly string[],
  {
    folder,
    input,
    params = {},
    devices = {},
  }: { folder: string; input: JobInput[]; params?: Record<string, unknown>; devices?: Record<string, Device> },
) {
  const stores = await openStateFolder(join(folder, 'state'));
  const job = aJob({
    id: `${workload.name}-1`,
    workload: workload.name,
    team: 'local',
    status: 'STARTING',
    execution: 'e-1',
    params: workload.params.parse(params) as Record<string, unknown>,
    input,
  });
  await stores.jobs.create(job);
  const environment = { ...stores, models: noModels, scratchFolder: join(folder, 'scratch') };
  const hooks = { signal: new AbortController().signal, logger: jsonLogger({}, () => {}) };
  const verdicts: Record<string, Verdict> = {};
  for (const name of steps) {
    const { default: step } = await workload.steps[name]!.load();
    verdicts[name] = await runStep(
      step,
      { jobId: job.id, execution: 'e-1', device: devices[name] ?? 'cpu' },
      environment,
      hooks,
    );
  }
  return { verdicts, artifacts: stores.artifacts };
}
