import { z } from 'zod';
import { ContractError, TransientError, toErrorDocument } from '#core/errors';
import { openRegistry, type WorkloadTable } from '#jobs/registry';
import { fateOf } from './chaos/faults.ts';
import { chaosFrom } from './chaos/switches.ts';
import { openEnvironment, requireScratch } from './environment.ts';
import { jsonLogger } from './json-log.ts';
import { type LogSubject, logFields } from './log-fields.ts';
import type { ProgressReport } from './progress.ts';
import { openStepMetrics } from './step-metrics.ts';
import { type ModelId, runStep, type StepEnvironment } from './step-run.ts';

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
    const environment = await openEnvironment();
    await requireScratch(environment.scratchFolder);
    await runTask(workloads, environment, stop);
    process.exit(0);
  } catch (thrown) {
    const { name, message, details } = toErrorDocument(thrown);
    log(subjectFrom(process.env)).error(message, { error: name, ...details, stack: (thrown as Error).stack });
    await tell({ type: 'failed', reason: `${name}: ${message}` });
    process.exit(1);
  }
}

async function runTask(workloads: WorkloadTable, environment: StepEnvironment, stop: AbortController): Promise<void> {
  const task = taskFrom(process.env);
  const { STEPREEL_JOB_ID: jobId, STEPREEL_STEP: name, STEPREEL_EXECUTION: execution } = task;
  const { STEPREEL_SHARD: shard, STEPREEL_DEVICE: device, STEPREEL_PLANNED_DEVICE: plannedDevice = device } = task;
  const { job, placed } = await findStep(workloads, jobId, name, environment);
  const { default: step } = await placed.load();
  const fate = fateOf(chaosFrom());
  fate.begin();

  const budget = setTimeout(
    () => stop.abort(new TransientError(`${name} used up its run budget of ${placed.runSeconds} s.`)),
    placed.runSeconds * 1000,
  ).unref();
  const place = shard === undefined ? {} : { shard };
  const logger = log({ correlationId: jobId, jobId, phase: name, ...place });
  const metrics = openStepMetrics();
  const models: ModelId[] = [];
  const start = performance.now();
  const measure = (error?: { name: string }) => {
    const seconds = (performance.now() - start) / 1000;
    metrics.publish({ step, seconds, device, job, models, ...(error ? { error } : {}) });
    return Math.round(seconds * 1000);
  };
  try {
    const verdict = await runStep(step, { jobId, execution, device, plannedDevice, ...place }, environment, {
      signal: stop.signal,
      logger,
      measure: metrics.measure,
      onProgress(report) {
        void tell({ type: 'progress', step: name, ...place, report });
        fate.reached((100 * report.done) / Math.max(1, report.total));
      },
      onModel: (model) => models.push(model),
      // A stopped execution does not always reach its task; the job's record does.
      onRefused: () => stop.abort(new TransientError(`Job ${jobId} does not run any more, or not by ${execution}.`)),
    });
    const latencyMs = measure(verdict.status === 'rejected' ? verdict.error : undefined);
    logger.info('verdict', { status: verdict.status, latencyMs });
  } catch (thrown) {
    const { name: error } = toErrorDocument(thrown);
    logger.info('no verdict', { status: 'failed', error, latencyMs: measure({ name: error }) });
    throw thrown;
  } finally {
    clearTimeout(budget);
  }
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
  if (placed?.runs === 'container') return { job, placed };
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

/** What a failure is about whose task may not even have been understood. */
function subjectFrom({ STEPREEL_JOB_ID: jobId = '', STEPREEL_STEP: phase = 'task' }: NodeJS.ProcessEnv): LogSubject {
  return { correlationId: jobId, ...(jobId === '' ? {} : { jobId }), phase };
}

function log(subject: LogSubject) {
  return jsonLogger(logFields(subject), (line) => process.stderr.write(line));
}
