import { basename, join, resolve } from 'node:path';
import { fromErrorDocument, InputError } from '#core/errors';
import type { Job } from '#core/job';
import { jobId } from '#core/names';
import type { JobStore } from '#core/ports';
import type { AnyStep } from '#core/step';
import type { Workload } from '#core/workload';
import { openRegistry } from '#jobs/registry';
import { checkRequest } from '#jobs/submit';
import { openEnvironment } from '#runtime/environment';
import { jsonLogger } from '#runtime/json-log';
import { runStep } from '#runtime/step-run';
import { builtIn } from '#workloads/index';
import { interruptSignal } from './interrupt.ts';
import { readParams } from './params.ts';

export interface StepOptions {
  state: string;
  input?: string[];
  param?: string[];
  params?: string;
  shard?: number;
}

/** Runs one step in this process, for the job that lies in the state folder; the first call makes the job. */
export async function runStepAlone(
  workloadName: string,
  stepName: string,
  options: StepOptions,
  json: boolean,
): Promise<void> {
  const signal = interruptSignal();
  const workload = await openRegistry(builtIn).get(workloadName);
  const step = await stepNamed(workload, stepName);
  const environment = await openEnvironment({
    STEPREEL_STATE: resolve(options.state),
    STEPREEL_SCRATCH: join(resolve(options.state), 'scratch'),
  });
  const job = await jobIn(workload, options, environment.jobs);
  const { shard } = options;
  const verdict = await runStep(
    step,
    { jobId: job.id, execution: job.id, ...(shard === undefined ? {} : { shard }) },
    environment,
    { signal, logger: jsonLogger({ jobId: job.id, step: stepName }, (line) => process.stderr.write(line)) },
  );
  if (verdict.status === 'rejected')
    throw fromErrorDocument({ name: verdict.error.name, message: verdict.error.message });
  const files = verdict.artifacts.map(({ name, key, bytes }) => ({
    name,
    path: join(options.state, 'artifacts', key),
    bytes,
  }));
  if (json)
    process.stdout.write(`${JSON.stringify({ event: 'step', step: stepName, output: verdict.output, files })}\n`);
  else
    process.stdout.write(
      `${JSON.stringify(verdict.output, null, 2)}\n${files.map(({ path }) => `${path}\n`).join('')}`,
    );
}

async function stepNamed({ name, steps }: Workload, step: string): Promise<AnyStep> {
  const placed = Object.hasOwn(steps, step) ? steps[step] : undefined;
  if (!placed)
    throw new InputError(`${name} has no step ${JSON.stringify(step)}. It has: ${Object.keys(steps).join(', ')}.`);
  return (await placed.load()).default;
}

/** The folder's job; made from the input and parameters of the first call. */
async function jobIn(workload: Workload, { state, input, param, params }: StepOptions, jobs: JobStore): Promise<Job> {
  const id = jobId(workload.name, resolve(state));
  const known = await jobs.get(id);
  if (known) {
    if (input || param || params) {
      throw new InputError(
        `${state} holds a job with its input and parameters already. Leave --input and --param out, or name another state folder.`,
      );
    }
    return known;
  }
  const inputs = (input ?? []).map((file) => ({ name: basename(file), uri: resolve(file) }));
  const checked = checkRequest(workload, {
    workload: workload.name,
    input: inputs,
    params: await readParams(param, params),
  });
  const now = new Date().toISOString();
  const job: Job = {
    id,
    workload: workload.name,
    workloadVersion: workload.version,
    team: 'default',
    project: 'default',
    priority: 'normal',
    pool: 'cpu',
    status: 'STARTING',
    input: inputs,
    params: checked,
    execution: id,
    degraded: [],
    createdAt: now,
    startedAt: now,
  };
  await jobs.create(job);
  return job;
}
