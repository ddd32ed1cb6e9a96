import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FreeBytes, requireFreeDisk } from '#adapters/disk';
import { ContractError, InputError, isFinal, toErrorDocument } from '#core/errors';
import type { Job } from '#core/job';
import { attemptPrefix } from '#core/names';
import type { ArtifactStore, JobStore } from '#core/ports';
import type { AnyStep, Logger, Measure, ModelFiles, ModelSource, StepContext, StepNeeds } from '#core/step';
import { ATTEMPT, type AttemptRecord, VERDICT, type Verdict } from '#core/verdict';
import type { Device } from '#core/workload';
import { tellFinished } from '#jobs/finished-work';
import { newestVerdict } from '#jobs/verdicts';
import { type ProgressReport, reportProgress } from './progress.ts';
import { meterResources } from './resources.ts';
import { collectArtifacts } from './step-artifacts.ts';
import { outputReader } from './step-outputs.ts';

/** What a step runs on, at home or on AWS. */
export interface StepEnvironment {
  artifacts: ArtifactStore;
  jobs: JobStore;
  models: ModelSource;
  /** Where scratch folders are made. */
  scratchFolder: string;
  /** How the room for them is measured. */
  freeBytes?: FreeBytes;
}

export interface StepRequest {
  jobId: string;
  execution: string;
  shard?: number;
  device?: Device;
  /** What the step was planned for, if that is something else. */
  plannedDevice?: Device;
}

export interface StepHooks {
  signal: AbortSignal;
  logger: Logger;
  /** Takes what the step measures of its work; without it nobody does. */
  measure?: Measure;
  /** Hears of progress more often than the job's record. */
  onProgress?: (report: ProgressReport) => void;
  /** Hears of each model that the step opens. */
  onModel?: (model: ModelId) => void;
  /** Hears that the job does not run any more: what the step does is for nobody. */
  onRefused?: () => void;
}

/**
 * Runs one attempt of a step to its verdict: checks what goes in and what comes out, and writes the verdict last. A
 * step that has a verdict already is not run again, so that a retry or a redrive costs nothing where work was done.
 * @returns the verdict, which is `rejected` when the step refused its input.
 * @throws what the step threw otherwise; there is then no verdict.
 */
export async function runStep(
  step: AnyStep,
  request: StepRequest,
  environment: StepEnvironment,
  hooks: StepHooks,
): Promise<Verdict> {
  const { jobId, execution, shard } = request;
  const { artifacts, jobs, scratchFolder } = environment;
  const place = { jobId, step: step.name, ...(shard === undefined ? {} : { shard }) };
  hooks.signal.throwIfAborted();

  const job = await jobs.get(jobId);
  if (!job) throw new ContractError(`${step.name} was started for job ${jobId}, which is not in the job store.`);
  // A step may be quicker than the record that its execution was started.
  await jobs.transition(jobId, 'RUNNING', job.startedAt ? {} : { startedAt: new Date().toISOString() }, execution);
  const earlier = await newestVerdict(place, environment);
  if (earlier) return earlier;

  const attempt = await jobs.nextAttempt(jobId, step.name, shard);
  const prefix = attemptPrefix({ ...place, attempt });
  // Steps of several jobs run side by side in one process: the job's id keeps their folders apart.
  const scratch = join(scratchFolder, `${jobId}-${step.name}-${shard ?? 0}-${attempt}-${process.pid}`);
  const meter = meterResources();
  const facts = (): AttemptRecord => ({
    step: step.name,
    ...(shard === undefined ? {} : { shard }),
    attempt,
    ...meter.read(),
  });
  try {
    await mkdir(scratch, { recursive: true });
    await requireFreeDisk(scratch, 0, environment.freeBytes);
    const { verdict, counted } = await reachVerdict(step, job, {
      request,
      environment,
      hooks,
      prefix,
      scratch,
      attempt,
    });
    hooks.signal.throwIfAborted();
    await requireNewest(place, attempt, jobs);
    await artifacts.putBytes(
      `${prefix}${ATTEMPT}`,
      JSON.stringify({ ...facts(), artifacts: verdict.artifacts.length }),
    );
    await artifacts.putBytes(`${prefix}${VERDICT}`, JSON.stringify(verdict));
    if (verdict.status === 'succeeded' && !isDegraded(request)) {
      const { revision } = step;
      await tellFinished(job, { ...place, attempt, revision, counted }, artifacts).catch((untold) => {
        hooks.logger.warn('other jobs will not find this verdict', { reason: String(untold) });
      });
    }
    return verdict;
  } catch (thrown) {
    const { details: _details, ...error } = toErrorDocument(thrown);
    await artifacts.putBytes(`${prefix}${ATTEMPT}`, JSON.stringify({ ...facts(), error })).catch((unwritten) => {
      hooks.logger.warn('the record of a failed attempt could not be written', { reason: String(unwritten) });
    });
    throw thrown;
  } finally {
    meter.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Which model it is: the digest is of its weights. */
export type ModelId = Pick<ModelFiles, 'name' | 'version' | 'sha256'>;

/** The models, each of which is told of in the log when a step opens it. */
function toldModels(models: ModelSource, { logger, onModel }: StepHooks): ModelSource {
  return {
    async fetch(ref) {
      const files = await models.fetch(ref);
      const { name, version, sha256 } = files;
      logger.info('model', { model: `${name}@${version}`, sha256 });
      onModel?.({ name, version, sha256 });
      return files;
    },
  };
}

interface Attempt {
  request: StepRequest;
  environment: StepEnvironment;
  hooks: StepHooks;
  prefix: string;
  scratch: string;
  attempt: number;
}

interface Reached {
  verdict: Verdict;
  /** The steps whose shards were all read, and how many each has. */
  counted: ReadonlyMap<string, number>;
}

async function reachVerdict(step: AnyStep, job: Job, attempt: Attempt): Promise<Reached> {
  const { request, environment, hooks, prefix, scratch } = attempt;
  const { shard, device = 'cpu', plannedDevice = device, execution } = request;
  const files = collectArtifacts(environment.artifacts, { prefix, folder: scratch });
  const progress = reportProgress({ jobs: environment.jobs, jobId: job.id, execution, step: step.name, ...hooks });
  const { counted, ...outputs } = outputReader(step, job.id, environment);
  const contextOf = (params: unknown): StepContext<unknown, StepNeeds> => ({
    job: { id: job.id, workload: job.workload, input: job.input, reused: namesOfReused(job) },
    params,
    device,
    plannedDevice,
    ...(shard === undefined ? {} : { shard }),
    attempt: attempt.attempt,
    ...outputs,
    artifacts: files.store,
    models: toldModels(environment.models, hooks),
    progress: progress.report,
    measure: hooks.measure ?? (() => {}),
    logger: hooks.logger,
    signal: hooks.signal,
    scratch,
  });
  try {
    hooks.signal.throwIfAborted();
    const output = outputOf(step, await step.run(contextOf(paramsFor(step, job))));
    return { verdict: { contract: 1, status: 'succeeded', output, artifacts: files.list() }, counted };
  } catch (thrown) {
    if (!isFinal(thrown)) throw thrown;
    const error = toErrorDocument(thrown);
    return { verdict: { contract: 1, status: 'rejected', error, artifacts: files.list() }, counted };
  } finally {
    await progress.flush();
  }
}

/** A result of a lesser way is this job's alone: the next one may find a GPU. */
function isDegraded({ device = 'cpu', plannedDevice = device }: StepRequest): boolean {
  return device !== plannedDevice;
}

function namesOfReused({ reused = [] }: Job): string[] {
  return [...new Set(reused.map(({ step }) => step))];
}

function paramsFor(step: AnyStep, job: Job): unknown {
  const checked = step.params.safeParse(job.params);
  if (checked.success) return checked.data;
  throw new InputError(`The parameters of job ${job.id} do not suit ${step.name}: ${checked.error.message}`);
}

function outputOf(step: AnyStep, output: unknown): unknown {
  const checked = step.output.safeParse(output);
  if (checked.success) return checked.data;
  throw new ContractError(`${step.name} gave an output that its own schema refuses: ${checked.error.message}`);
}

async function requireNewest(place: { jobId: string; step: string; shard?: number }, attempt: number, jobs: JobStore) {
  const latest = await jobs.latestAttempt(place.jobId, place.step, place.shard);
  if (latest === attempt) return;
  throw new ContractError(
    `Attempt ${attempt} of ${place.step} may not publish: attempt ${latest} was started since and stands for the step.`,
    { details: { attempt, latest } },
  );
}
