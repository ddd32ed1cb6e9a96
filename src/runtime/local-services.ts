import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from '#adapters/local/children';
import { removeContainer } from '#adapters/local/docker';
import { openSlots, type Slots } from '#adapters/local/slots';
import type { ContainerCall, ContainerEnd, TaskServices } from '#asl/integrations';
import { ContractError } from '#core/errors';
import { placeOf } from '#core/job-list';
import type { WorkloadRegistry } from '#core/ports';
import { PRIORITIES } from '#core/queue';
import type { OutsideSource } from '#core/workload';
import { workloadOf } from '#jobs/registry';
import { watchForFailure } from './child-failure.ts';
import type { TaskMessage } from './container.ts';
import { CONTAINER_NAME, IMAGE, SCRATCH_FOLDER, STATE_FOLDER, WORKLOAD_FOLDER } from './environment.ts';
import { jsonLogger } from './json-log.ts';
import { answerLambda, type LambdaEvent, lambdaEventSchema } from './lambda-call.ts';
import { logFields } from './log-fields.ts';
import type { ProgressReport } from './progress.ts';
import type { StepEnvironment } from './step-run.ts';

// Children start in a third of the time when what they import need not be compiled again; it is Node's own default place.
const COMPILE_CACHE = join(tmpdir(), 'node-compile-cache');

// The task program for workloads from outside.
const WRAPPER = fileURLToPath(
  new URL(`../../containers/stepreel-task${extname(import.meta.filename)}`, import.meta.url),
);

// All of them run on this process's one thread, which answers requests beside them: more at once are not sooner done.
const FUNCTIONS_AT_ONCE = 8;

export interface LocalServicesOptions {
  stateFolder: string;
  environment: StepEnvironment;
  registry: WorkloadRegistry;
  slots: Slots;
  /** The task program that container steps are run with. */
  program: string;
  graceMs: number;
  /** Programs of workloads from outside run in images: this one, or those of their definitions. */
  image?: string | true;
  onProgress: (report: ProgressReport & { jobId: string; step: string; shard?: number }) => void;
}

/** Carries out Task states on this machine: Lambda steps in this process, container steps in children. */
export function localServices(options: LocalServicesOptions): TaskServices {
  const functions = openSlots(FUNCTIONS_AT_ONCE);
  return {
    async invokeLambda(call, signal, started) {
      const event = lambdaEventSchema.parse(call.payload);
      const work = () => {
        started();
        return invokeLambda(call.functionName, event, signal, options);
      };
      return await functions.use(signal, work, await rankOf(event.jobId, options.environment));
    },
    async runTask(call, signal, started) {
      const { STEPREEL_JOB_ID: jobId = '' } = call.environment;
      const work = () => {
        started();
        return runTask(call, signal, options);
      };
      return await options.slots.use(signal, work, await rankOf(jobId, options.environment));
    },
  };
}

/** What was admitted first is finished first: a hundred jobs side by side would all be done at the very end. */
async function rankOf(jobId: string, { jobs }: StepEnvironment): Promise<string> {
  const job = await jobs.get(jobId);
  return job ? `${PRIORITIES.indexOf(job.priority)} ${placeOf(job)}` : '';
}

async function invokeLambda(
  name: string,
  event: LambdaEvent,
  signal: AbortSignal,
  options: LocalServicesOptions,
): Promise<unknown> {
  const { environment, registry, graceMs, onProgress } = options;
  const { jobId } = event;
  const step = await loadLambdaStep(name, jobId, environment, registry);
  const log = logFile(options.stateFolder, jobId, step.name);
  const answer = answerLambda(step, event, environment, {
    signal,
    logger: jsonLogger(logFields({ correlationId: jobId, jobId, phase: step.name }), (line) =>
      appendFileSync(log, line),
    ),
    onProgress: (report) => onProgress({ jobId, step: step.name, ...report }),
  });
  return await orAbandoned(answer, signal, graceMs);
}

// A function can't be killed inside this process. One that ignores its signal is left behind: it can't publish any more,
// because a step's verdict is refused once its signal has aborted.
async function orAbandoned<T>(answer: Promise<T>, signal: AbortSignal, graceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const { promise: abandoned, reject } = Promise.withResolvers<never>();
  const wait = () => {
    timer = setTimeout(() => reject(signal.reason), graceMs).unref();
  };
  signal.addEventListener('abort', wait, { once: true });
  try {
    return await Promise.race([answer, abandoned]);
  } finally {
    signal.removeEventListener('abort', wait);
    clearTimeout(timer);
  }
}

async function loadLambdaStep(name: string, jobId: string, { jobs }: StepEnvironment, registry: WorkloadRegistry) {
  const job = await jobs.get(jobId);
  if (!job) throw new ContractError(`${name} was invoked for job ${jobId}, which is not in the job store.`);
  const placed = (await workloadOf(job, registry)).steps[name];
  if (placed?.runs !== 'lambda') throw new ContractError(`${job.workload} has no Lambda step ${name}.`);
  return (await placed.load()).default;
}

async function runTask(
  { environment, memoryMiB }: ContainerCall,
  signal: AbortSignal,
  {
    stateFolder,
    environment: { jobs, scratchFolder },
    registry,
    graceMs,
    onProgress,
    ...options
  }: LocalServicesOptions,
): Promise<ContainerEnd> {
  const { STEPREEL_JOB_ID: jobId = '', STEPREEL_STEP: step = '', STEPREEL_SHARD: shard } = environment;
  const job = await jobs.get(jobId);
  const outside = job && (await workloadOf(job, registry)).outside;
  const program = outside ? WRAPPER : options.program;
  const image = outside && options.image ? imageOf(outside, options.image) : undefined;
  const containerName = `stepreel-${randomUUID()}`;
  const scratch = await mkdtemp(join(scratchFolder, `${step}-`));
  const logPath = logFile(stateFolder, jobId, shard === undefined ? step : `${step}-${shard}`);
  const log = await open(logPath, 'a');
  const failure = watchForFailure(logPath);
  let reason: string | undefined;
  try {
    const end = await runChild({
      program,
      environment: {
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        ...process.env,
        [STATE_FOLDER]: stateFolder,
        [SCRATCH_FOLDER]: scratch,
        ...environment,
        ...(outside ? { [WORKLOAD_FOLDER]: outside.folder } : heapLimit(memoryMiB)),
        ...(image === undefined ? {} : { [IMAGE]: image, [CONTAINER_NAME]: containerName }),
      },
      log: log.fd,
      signal,
      graceMs,
      onMessage: (message) => {
        const told = message as TaskMessage;
        if (told.type === 'failed') reason = told.reason;
        else onProgress({ jobId, step, ...(shard === undefined ? {} : { shard: Number(shard) }), ...told.report });
      },
    });
    reason = await failure(end, reason);
    return {
      ...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
      ...(reason === undefined ? {} : { reason }),
    };
  } finally {
    // A task that was killed may have left it.
    if (image !== undefined) await removeContainer(containerName);
    await log.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

function imageOf({ definition, image }: OutsideSource, chosen: string | true): string {
  if (chosen !== true) return chosen;
  if (image !== undefined) return image;
  throw new ContractError(
    `${definition.name} names no "image" in its definition, to run in. Name one, or give --image its name.`,
  );
}

/**
 * The size of a task, as far as home keeps to it: the JavaScript heap has that limit. Memory beside the heap, of models,
 * pictures and ffmpeg, has none here.
 */
function heapLimit(memoryMiB: number | undefined): Record<string, string> {
  if (memoryMiB === undefined) return {};
  return { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --max-old-space-size=${memoryMiB}`.trim() };
}

/** Where a step's log lines go, of all its attempts. */
function logFile(stateFolder: string, jobId: string, name: string): string {
  const file = join(stateFolder, 'logs', jobId, `${name}.jsonl`);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}
