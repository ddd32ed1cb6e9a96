import { appendFileSync, mkdirSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runChild } from '#adapters/local/children';
import type { Slots } from '#adapters/local/slots';
import type { ContainerCall, ContainerEnd, LambdaCall, TaskServices } from '#asl/integrations';
import { ContractError } from '#core/errors';
import type { WorkloadRegistry } from '#core/ports';
import type { TaskMessage } from './container.ts';
import { SCRATCH_FOLDER, STATE_FOLDER } from './environment.ts';
import { jsonLogger } from './json-log.ts';
import { answerLambda, lambdaEventSchema } from './lambda-call.ts';
import { logFields } from './log-fields.ts';
import type { ProgressReport } from './progress.ts';
import type { StepEnvironment } from './step-run.ts';

// Children start in a third of the time when what they import need not be compiled again; it is Node's own default place.
const COMPILE_CACHE = join(tmpdir(), 'node-compile-cache');

export interface LocalServicesOptions {
  stateFolder: string;
  environment: StepEnvironment;
  registry: WorkloadRegistry;
  slots: Slots;
  /** The task program that container steps are run with. */
  program: string;
  graceMs: number;
  onProgress: (report: ProgressReport & { jobId: string; step: string; shard?: number }) => void;
}

/** Carries out Task states on this machine: Lambda steps in this process, container steps in children. */
export function localServices(options: LocalServicesOptions): TaskServices {
  return {
    invokeLambda: (call, signal) => invokeLambda(call, signal, options),
    runTask: (call, signal, started) =>
      options.slots.use(signal, () => {
        started();
        return runTask(call, signal, options);
      }),
  };
}

async function invokeLambda(call: LambdaCall, signal: AbortSignal, options: LocalServicesOptions): Promise<unknown> {
  const { environment, registry, graceMs, onProgress } = options;
  const event = lambdaEventSchema.parse(call.payload);
  const { jobId } = event;
  const step = await loadLambdaStep(call.functionName, jobId, environment, registry);
  const log = logFile(options.stateFolder, jobId, step.name);
  const answer = answerLambda(step, event, environment, {
    signal,
    logger: jsonLogger(logFields({ correlationId: jobId, jobId, phase: step.name }), (line) =>
      appendFileSync(log, line),
    ),
    onProgress: (report) => onProgress({ jobId, step: step.name, ...report }),
  });
  return await Promise.race([answer, abandoned(signal, graceMs)]);
}

// A function can't be killed inside this process. One that ignores its signal is left behind: it can't publish any more,
// because a step's verdict is refused once its signal has aborted.
function abandoned(signal: AbortSignal, graceMs: number): Promise<never> {
  return new Promise((_, reject) => {
    const wait = () => setTimeout(() => reject(signal.reason), graceMs).unref();
    signal.addEventListener('abort', wait, { once: true });
  });
}

async function loadLambdaStep(name: string, jobId: string, { jobs }: StepEnvironment, registry: WorkloadRegistry) {
  const job = await jobs.get(jobId);
  if (!job) throw new ContractError(`${name} was invoked for job ${jobId}, which is not in the job store.`);
  const placed = (await registry.get(job.workload)).steps[name];
  if (placed?.runs !== 'lambda') throw new ContractError(`${job.workload} has no Lambda step ${name}.`);
  return (await placed.load()).default;
}

async function runTask(
  { environment }: ContainerCall,
  signal: AbortSignal,
  { stateFolder, environment: { scratchFolder }, program, graceMs, onProgress }: LocalServicesOptions,
): Promise<ContainerEnd> {
  const { STEPREEL_JOB_ID: jobId = '', STEPREEL_STEP: step = '', STEPREEL_SHARD: shard } = environment;
  const scratch = await mkdtemp(join(scratchFolder, `${step}-`));
  const log = await open(logFile(stateFolder, jobId, shard === undefined ? step : `${step}-${shard}`), 'a');
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
    if (end.killedBy) reason = `killed by ${end.killedBy}`;
    return {
      ...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
      ...(reason === undefined ? {} : { reason }),
    };
  } finally {
    await log.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Where a step's log lines go, of all its attempts. */
function logFile(stateFolder: string, jobId: string, name: string): string {
  const file = join(stateFolder, 'logs', jobId, `${name}.jsonl`);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}
