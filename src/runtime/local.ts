import { mkdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openExecutions } from '#adapters/local/executions';
import { defaultSlots, openSlots } from '#adapters/local/slots';
import type { Clock } from '#asl/clock';
import { loadMachine } from '#asl/load';
import { redrivePoint } from '#asl/redrive-point';
import { ContractError } from '#core/errors';
import { isSettled, type Job, type Progress } from '#core/job';
import type { ArtifactStore, DeadLetters, Executions, HistoryEvent, JobStore, WorkloadRegistry } from '#core/ports';
import type { ModelSource } from '#core/step';
import { cancelJob } from '#jobs/cancel';
import { executionStatusEvent } from '#jobs/execution-event';
import { publishResult } from '#jobs/publish';
import { requireRestartable, restartJob } from '#jobs/redrive';
import { RequestRefused } from '#jobs/refusal';
import { openRegistry, type WorkloadTable } from '#jobs/registry';
import { settleJob } from '#jobs/settle';
import { type SubmitRequest, submitJob } from '#jobs/submit';
import { deliver, shortOfMachines, slowed } from './chaos/faults.ts';
import { type Chaos, NO_CHAOS } from './chaos/switches.ts';
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
  /** Faults that are let happen on purpose; those of tasks come by their environment. */
  chaos?: Chaos;
  /**
   * Versions of what does the work. When given, a result is closed where it lies, with its manifest, receipt and marker,
   * for those who fetch it from there; otherwise whoever delivers a result closes it.
   */
  versions?: () => Promise<Record<string, string>>;
}

export interface LocalPlatform {
  artifacts: ArtifactStore;
  jobs: JobStore;
  deadLetters: DeadLetters;
  executions: Executions;
  registry: WorkloadRegistry;
  /** Checks a request and starts its job. @throws InputError that lists every problem. */
  submit(request: SubmitRequest): Promise<Job>;
  /** The job once it has ended, in whatever state. */
  settled(jobId: string): Promise<Job>;
  /** Submits, tells the job's id, and waits. When `signal` aborts, the job is cancelled and comes back CANCELED. */
  runJob(request: SubmitRequest, signal?: AbortSignal, onSubmitted?: (jobId: string) => void): Promise<Job>;
  /** Stops a job's work; `settled` tells when it has ended. @throws RequestRefused for a job that ended already. */
  cancel(jobId: string): Promise<Job>;
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
  const { chaos = NO_CHAOS } = options;
  const { deadLetters, ...stores } = await openStateFolder(stateFolder);
  const artifacts = slowed(stores.artifacts, chaos);
  const jobs = slowed(stores.jobs, chaos);
  const registry = openRegistry(options.workloads);
  const slots = openSlots(options.slots ?? defaultSlots());
  const progress = jobProgress(options.onProgress ?? (() => {}));
  const stateMachines = options.stateMachines ?? shipped('statemachines');

  const { versions } = options;
  const publish =
    versions &&
    (async (job: Job) => {
      const workload = await registry.get(job.workload);
      await publishResult({ job, workload, versions: await versions() }, { jobs, artifacts });
    });
  const executions: Executions = openExecutions({
    folder: join(stateFolder, 'executions'),
    load: (workload) => loadMachine(join(stateMachines, `${workload}.asl.json`), (name) => name),
    services: shortOfMachines(
      localServices({
        stateFolder,
        environment: { artifacts, jobs, models: options.models, scratchFolder },
        registry,
        slots,
        program: options.program ?? join(shipped('containers'), `main${extname(import.meta.filename)}`),
        graceMs: options.graceMs ?? DEFAULT_GRACE_MS,
        onProgress: progress.report,
      }),
      chaos,
    ),
    onEvent(event, execution) {
      progress.event(event);
      options.onEvent?.(event, execution);
    },
    async onEnded(request, end) {
      const ports = { jobs, artifacts, executions, deadLetters, ...(publish ? { publish } : {}) };
      await deliver(() => settleJob(executionStatusEvent(request, end, new Date()), ports), chaos);
    },
    mapConcurrency: slots.size,
    ...(options.clock ? { clock: options.clock } : {}),
  });

  const platform: LocalPlatform = {
    artifacts,
    jobs,
    deadLetters,
    executions,
    registry,
    async submit(request) {
      return (await submitJob(request, { registry, jobs, executions })).job;
    },

    async settled(jobId) {
      const job = await requireJob(jobId, jobs);
      if (!isSettled(job.status) && job.execution) await executions.ended(job.execution);
      return await requireJob(jobId, jobs);
    },

    async runJob(request, signal, onSubmitted) {
      signal?.throwIfAborted();
      const { id } = await platform.submit(request);
      onSubmitted?.(id);
      const cancel = () => void platform.cancel(id).catch(unlessEnded);
      signal?.addEventListener('abort', cancel, { once: true });
      if (signal?.aborted) cancel();
      try {
        return await platform.settled(id);
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },

    async cancel(jobId) {
      return await cancelJob(await requireJob(jobId, jobs), { jobs, executions });
    },

    async redrive(jobId) {
      const job = await requireJob(jobId, jobs);
      requireRestartable(job);
      const point = redrivePoint(await executions.history(job.execution ?? job.id));
      const restarted = await restartJob(job, { plan: point.plan, from: point }, { jobs, executions });
      await deadLetters.remove(jobId);
      return restarted;
    },

    close: () => jobs[Symbol.dispose](),
  };
  return platform;
}

/** Who wants a job to end does not mind that it has. */
function unlessEnded(thrown: unknown): void {
  if (!(thrown instanceof RequestRefused)) throw thrown;
}

async function requireJob(jobId: string, jobs: JobStore): Promise<Job> {
  const job = await jobs.get(jobId);
  if (!job) throw new ContractError(`There is no job ${jobId} in this state folder.`);
  return job;
}

/** A folder that comes with the program. */
function shipped(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}
