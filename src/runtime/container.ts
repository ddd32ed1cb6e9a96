import { z } from 'zod';
import { ContractError, TransientError, toErrorDocument } from '#core/errors';
import { openRegistry, type WorkloadTable } from '#jobs/registry';
import { openEnvironment } from './environment.ts';
import { jsonLogger } from './json-log.ts';
import type { ProgressReport } from './progress.ts';
import { runStep, type StepEnvironment } from './step-run.ts';

const taskSchema = z.object({
  STEPREEL_JOB_ID: z.string().min(1),
  STEPREEL_STEP: z.string().min(1),
  STEPREEL_EXECUTION: z.string().min(1),
  STEPREEL_SHARD: z.coerce.number().int().nonnegative().optional(),
  STEPREEL_DEVICE: z.enum(['cpu', 'gpu']).default('cpu'),
  STEPREEL_PLANNED_DEVICE: z.enum(['cpu', 'gpu']).optional(),
});

/** What a task tells the process that started it, over IPC. */
export type TaskMessage =
  | { type: 'progress'; step: string; shard?: number; report: ProgressReport }
  | { type: 'failed'; reason: string };

/**
 * The task program: runs the step that the environment names and ends the process. Exit code 0 means that a verdict is
 * there, any other "try again". SIGTERM stops the step, which then leaves no verdict.
 */
export async function runContainer(workloads: WorkloadTable): Promise<never> {
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort(new TransientError('The task was told to stop (SIGTERM).')));
  endWithParent();
  try {
    await runTask(workloads, await openEnvironment(), stop);
    process.exit(0);
  } catch (thrown) {
    const { name, message, details } = toErrorDocument(thrown);
    log({}).error(message, { error: name, ...details, stack: (thrown as Error).stack });
    await tell({ type: 'failed', reason: `${name}: ${message}` });
    process.exit(1);
  }
}

async function runTask(workloads: WorkloadTable, environment: StepEnvironment, stop: AbortController): Promise<void> {
  const task = taskFrom(process.env);
  const { STEPREEL_JOB_ID: jobId, STEPREEL_STEP: name, STEPREEL_EXECUTION: execution } = task;
  const { STEPREEL_SHARD: shard, STEPREEL_DEVICE: device, STEPREEL_PLANNED_DEVICE: plannedDevice = device } = task;
  const placed = await findStep(workloads, jobId, name, environment);
  const { default: step } = await placed.load();

  const budget = setTimeout(
    () => stop.abort(new TransientError(`${name} used up its run budget of ${placed.runSeconds} s.`)),
    placed.runSeconds * 1000,
  ).unref();
  const place = shard === undefined ? {} : { shard };
  const verdict = await runStep(step, { jobId, execution, device, plannedDevice, ...place }, environment, {
    signal: stop.signal,
    logger: log({ jobId, step: name, ...place }),
    onProgress: (report) => void tell({ type: 'progress', step: name, ...place, report }),
  });
  clearTimeout(budget);
  log({ jobId, step: name, ...place }).info('verdict', { status: verdict.status });
}

function taskFrom(variables: NodeJS.ProcessEnv) {
  const checked = taskSchema.safeParse(variables);
  if (checked.success) return checked.data;
  throw new ContractError(`The task's environment does not say what to run: ${z.prettifyError(checked.error)}`);
}

async function findStep(workloads: WorkloadTable, jobId: string, name: string, { jobs }: StepEnvironment) {
  const job = await jobs.get(jobId);
  if (!job) throw new ContractError(`Job ${jobId} is not in the job store that the environment names.`);
  const { steps } = await openRegistry(workloads).get(job.workload);
  const placed = steps[name];
  if (placed?.runs === 'container') return placed;
  const containers = Object.keys(steps).filter((step) => steps[step]!.runs === 'container');
  throw new ContractError(`${job.workload} has no container step ${name}. It has: ${containers.join(', ')}.`);
}

/** When the process that started this one is gone, so is everything that this one started. */
function endWithParent(): void {
  if (!process.channel) return;
  process.once('disconnect', () => {
    try {
      process.kill(-process.pid, 'SIGKILL');
    } catch {
      process.kill(process.pid, 'SIGKILL');
    }
  });
}

/** Settles when the message is on its way, or can't be sent because nobody listens. */
function tell(message: TaskMessage): Promise<void> {
  return new Promise((resolve) => (process.send ? process.send(message, () => resolve()) : resolve()));
}

function log(fields: Record<string, unknown>) {
  return jsonLogger(fields, (line) => process.stderr.write(line));
}
