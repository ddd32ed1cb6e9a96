import { join } from 'node:path';
import type { JobInput } from '#core/job';
import type { Verdict } from '#core/verdict';
import type { Device, Workload } from '#core/workload';
import { openStateFolder } from '#runtime/environment';
import { jsonLogger } from '#runtime/json-log';
import { runStep } from '#runtime/step-run';
import { aJob } from '../conformance/job-store.ts';

const noModels = { fetch: () => Promise.reject(new Error('This workload has no model.')) };

interface Run {
  folder: string;
  input: JobInput[];
  params?: Record<string, unknown>;
  devices?: Record<string, Device>;
}

/** Runs some steps of a workload one after another in this process, on the local stores. @returns their verdicts. */
export async function runSteps(workload: Workload, steps: readonly string[], run: Run) {
  const { artifacts, go } = await openRun(workload, run);
  return { verdicts: await go(steps), artifacts };
}

/** The same for a job whose steps are run again after one has failed: `go` passes over what has a verdict. */
export async function openRun(workload: Workload, { folder, input, params = {}, devices = {} }: Run) {
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
  return {
    artifacts: stores.artifacts,
    async go(steps: readonly string[]): Promise<Record<string, Verdict>> {
      const verdicts: Record<string, Verdict> = {};
      for (const name of steps) {
        const { default: step } = await workload.steps[name]!.load();
        const request = { jobId: job.id, execution: 'e-1', device: devices[name] ?? 'cpu' };
        verdicts[name] = await runStep(step, request, environment, hooks);
      }
      return verdicts;
    },
  };
}
