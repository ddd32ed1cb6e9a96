import { mkdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openExecutions } from '#adapters/local/executions';
import { defaultSlots, openSlots } from '#adapters/local/slots';
import type { Clock } from '#asl/clock';
import { loadMachine } from '#asl/load';
import { redrivePoint } from '#asl/redrive-point';
import { ContractError, InputError } from '#core/errors';
import { isSettled, type Job, type Progress } from '#core/job';
import type { ArtifactStore, Executions, HistoryEvent, JobStore, WorkloadRegistry } from '#core/ports';
import type { ModelSource } from '#core/step';
import { executionStatusEvent } from '#jobs/execution-event';
import { openRegistry, type WorkloadTable } from '#jobs/registry';
import { settleJob } from '#jobs/settle';
import { type SubmitRequest, submitJob } from '#jobs/submit';
import { openStateFolder } from './environment.ts';
import { jobProgress } from './job-progress.ts';
import { localServices } from './local-services.ts';

export interface LocalPlatformOptions {
  /** Where jobs, artifacts, histories, logs and scratch files are kept. It is made if it is not there. */
  stateFolder: string;
  workloads: WorkloadTable;
  /** Where Lambda steps get models from; container steps open their own. */
  models: ModelSource;
  /** How many container tasks run side by side; one per two cores if not given. */
  slots?: number;
  onEvent?: (event: HistoryEvent, execution: string) => void;
  onProgress?: (progress: Progress, jobId: string) => void;
  /** Folder of the `<workload>.asl.json` files. */
  stateMachines?: string;
  /** The task program for container steps. */
  program?: string;
  /** How long a child has between SIGTERM and SIGKILL. */
  graceMs?: number;
  clock?: Clock;
}

export interface LocalPlatform {
  artifacts: ArtifactStore;
  jobs: JobStore;
  executions: Executions;
  registry: WorkloadRegistry;
  /** Checks a request and starts its job. @throws InputError that lists every problem. */
  submit(request: SubmitRequest): Promise<Job>;
  /** The job once it has ended, in whatever state. */
  settled(jobId: string): Promise<Job>;
  /** Submits, tells the job's id, and waits. When `signal` aborts, the job is cancelled and comes back CANCELED. */
  runJob(request: SubmitRequest, signal?: AbortSignal, onSubmitted?: (jobId: string) => void): Promise<Job>;
  /** Stops a job's work; `settled` tells when it has ended. */
  cancel(jobId: string): Promise<void>;
  /** Starts a failed or timed-out job again at the state where it failed. Steps and shards with a verdict don't run again. */
  redrive(jobId: string): Promise<Job>;
  /** Closes the job store; call it when no job runs. */
  close(): void;
}

// The task program keeps 30 s for itself to stop, like ECS's default stopTimeout.
const DEFAULT_GRACE_MS = 30_000;

/** Everything that a job needs, on this machine: stores in a folder, the state machine runner, children for containers. */
export async function openLocalPlatform(options: LocalPlatformOptions): Promise<LocalPlatform> {
  const stateFolder = resolve(options.stateFolder);
  const scratchFolder = join(stateFolder, 'scratch');
  await mkdir(scratchFolder, { recursive: true });
  const { artifacts, jobs } = await openStateFolder(stateFolder);
  const registry = openRegistry(options.workloads);
  const slots = openSlots(options.slots ?? defaultSlots());
  const progress = jobProgress(options.onProgress ?? (() => {}));
  const stateMachines = options.stateMachines ?? shipped('statemachines');

  const executions: Executions = openExecutions({
    folder: join(stateFolder, 'executions'),
    load: (workload) => loadMachine(join(stateMachines, `${workload}.asl.json`), (name) => name),
    services: localServices({
      stateFolder,
      environment: { artifacts, jobs, models: options.models, scratchFolder },
      registry,
      slots,
      program: options.program ?? join(shipped('containers'), `main${extname(import.meta.filename)}`),
      graceMs: options.graceMs ?? DEFAULT_GRACE_MS,
      onProgress: progress.report,
    }),
    onEvent(event, execution) {
      progress.event(event);
      options.onEvent?.(event, execution);
    },
    async onEnded(request, end) {
      await settleJob(executionStatusEvent(request, end, new Date()), { jobs, artifacts, executions });
    },
    mapConcurrency: slots.size,
    ...(options.clock ? { clock: options.clock } : {}),
  });

  const platform: LocalPlatform = {
    artifacts,
    jobs,
    executions,
    registry,
    submit: (request) => submitJob(request, { registry, jobs, executions }),

    async settled(jobId) {
      const job = await requireJob(jobId, jobs);
      if (!isSettled(job.status) && job.execution) await executions.ended(job.execution);
      return await requireJob(jobId, jobs);
    },

    async runJob(request, signal, onSubmitted) {
      signal?.throwIfAborted();
      const { id } = await platform.submit(request);
      onSubmitted?.(id);
      const cancel = () => void platform.cancel(id);
      signal?.addEventListener('abort', cancel, { once: true });
      if (signal?.aborted) cancel();
      try {
        return await platform.settled(id);
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },

    async cancel(jobId) {
      const job = await jobs.transition(jobId, 'CANCELING');
      if (job?.execution) await executions.stop(job.execution);
    },

    async redrive(jobId) {
      const { workload, execution, status } = await requireJob(jobId, jobs);
      if (execution === undefined || (status !== 'FAILED' && status !== 'TIMED_OUT')) {
        throw new InputError(`Job ${jobId} is ${status}; only a FAILED or TIMED_OUT job can be started again.`);
      }
      const point = redrivePoint(await executions.history(execution));
      const name = nextExecutionName(jobId, execution);
      const job = await jobs.transition(jobId, 'STARTING', { execution: name, startedAt: new Date().toISOString() });
      if (!job) throw new InputError(`Job ${jobId} was started again by somebody else just now.`);
      await executions.start({ jobId, name, workload, input: { jobId, plan: point.plan }, from: point });
      return job;
    },

    close: () => jobs[Symbol.dispose](),
  };
  return platform;
}

async function requireJob(jobId: string, jobs: JobStore): Promise<Job> {
  const job = await jobs.get(jobId);
  if (!job) throw new ContractError(`There is no job ${jobId} in this state folder.`);
  return job;
}

/** `<jobId>`, `<jobId>-redrive-1`, `<jobId>-redrive-2`, … */
function nextExecutionName(jobId: string, execution: string): string {
  const last = Number(/-redrive-(\d+)$/.exec(execution)?.[1] ?? 0);
  return `${jobId}-redrive-${last + 1}`;
}

/** A folder that comes with the program. */
function shipped(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}
