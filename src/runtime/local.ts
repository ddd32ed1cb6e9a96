import { mkdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openExecutions } from '#adapters/local/executions';
import { defaultSlots, openSlots } from '#adapters/local/slots';
import type { Clock } from '#asl/clock';
import type { Machine } from '#asl/definition';
import { loadMachine, resolveMachine } from '#asl/load';
import { ContractError } from '#core/errors';
import { isSettled, type Job, type Progress } from '#core/job';
import { evenLimits } from '#core/leases';
import type {
  ArtifactStore,
  DeadLetters,
  Executions,
  HistoryEvent,
  JobStore,
  ModelDigests,
  WorkloadRegistry,
} from '#core/ports';
import type { Records } from '#core/records';
import type { ModelSource } from '#core/step';
import { A_FEW, admitJobs } from '#jobs/admit';
import { cancelJob } from '#jobs/cancel';
import { accountOf } from '#jobs/charge-job';
import { executionStatusEvent } from '#jobs/execution-event';
import { type Announcements, announcing } from '#jobs/notify';
import { historyNotices } from '#jobs/notify-steps';
import { openPlanner, type Plan } from '#jobs/plan';
import { publishResult } from '#jobs/publish';
import { openQueueRoom } from '#jobs/queue-room';
import { type ReplayPorts, replayJob } from '#jobs/redrive';
import { RequestRefused } from '#jobs/refusal';
import { openRegistry, type WorkloadTable, workloadOf } from '#jobs/registry';
import { settleJob } from '#jobs/settle';
import { type SubmitPorts, type SubmitRequest, submitJob } from '#jobs/submit';
import { type SweepPorts, type Swept, sweepJobs } from '#jobs/sweep';
import { deliver, shortOfMachines, slowed } from './chaos/faults.ts';
import { type Chaos, NO_CHAOS } from './chaos/switches.ts';
import { homeModelDigests, openStateFolder } from './environment.ts';
import { jobProgress } from './job-progress.ts';
import { localServices } from './local-services.ts';
import { registeredFolders } from './outside/folder-store.ts';
import { runningWork } from './running-work.ts';

export interface LocalPlatformOptions {
  /** Where jobs, artifacts, histories, logs and scratch files are kept. It is made if it is not there. */
  stateFolder: string;
  workloads: WorkloadTable;
  /** Folders of workloads from outside, beside those that are registered in the state folder. */
  outside?: readonly string[];
  /** Where Lambda steps get models from; container steps open their own. */
  models: ModelSource;
  /** How many container tasks run side by side; one per two cores if not given. */
  slots?: number;
  /** How many jobs may be under way at once; the others wait. */
  jobsAtOnce?: number;
  /** How many jobs may wait. */
  mostQueued?: number;
  onEvent?: (event: HistoryEvent, execution: string) => void;
  onProgress?: (progress: Progress, jobId: string) => void;
  /** Folder of the `<workload>.asl.json` files. */
  stateMachines?: string;
  /** The task program for container steps. */
  program?: string;
  /** How long a child has between SIGTERM and SIGKILL. */
  graceMs?: number;
  /** Programs of workloads from outside run in this image, or with `true` in those that their definitions name. */
  image?: string | true;
  clock?: Clock;
  /** Who hears of jobs and their steps, if anybody does. */
  announce?: Announce;
  /** What models are, for the content keys of steps; the models of this machine if not given. */
  modelDigests?: ModelDigests;
  /** False where nothing that a job leaves is there for the next one: a state folder of one job. */
  reuse?: boolean;
  /** Hears of ends that could not be recorded, and of what kept others from being started; thrown if not given. */
  onFault?: (thrown: unknown) => void;
  /** Faults that are let happen on purpose; those of tasks come by their environment. */
  chaos?: Chaos;
  /**
   * Versions of what does the work. When given, a result is closed where it lies, with its manifest, receipt and marker,
   * for those who fetch it from there; otherwise whoever delivers a result closes it.
   */
  versions?: () => Promise<Record<string, string>>;
}

/** Where jobs of this machine are told of. */
export interface Announce extends Announcements {
  changed: (jobId: string, progress?: Progress) => void;
  onFault: (thrown: unknown) => void;
}

/** What the life of a job is made of. */
type LifePorts = SubmitPorts & SweepPorts & ReplayPorts;

export interface LocalPlatform extends LifePorts {
  artifacts: ArtifactStore;
  deadLetters: DeadLetters;
  records: Records;
  executions: Executions;
  registry: WorkloadRegistry;
  models: ModelDigests;
  /** Plans a start of a job. */
  plan(job: Job): Promise<Plan>;
  /** Settles ends that nobody was told of, and starts the jobs that there is a place for. */
  sweep(): Promise<Swept>;
  /** Starts nothing any more, cancels what runs and waits until its processes have ended. */
  stopWork(): Promise<void>;
  /** Checks a request and records its job, which starts as soon as there is a place. @throws InputError that lists every problem. */
  submit(request: SubmitRequest): Promise<Job>;
  /** The job once it has ended, in whatever state. */
  settled(jobId: string): Promise<Job>;
  /** Submits, tells the job's id, and waits. When `signal` aborts, the job is cancelled and comes back CANCELED. */
  runJob(request: SubmitRequest, signal?: AbortSignal, onSubmitted?: (jobId: string) => void): Promise<Job>;
  /** Stops a job's work; `settled` tells when it has ended. @throws RequestRefused for a job that ended already. */
  cancel(jobId: string): Promise<Job>;
  /** Has a failed or timed-out job start again at the state where it failed. Steps and shards with a verdict don't run again. */
  redrive(jobId: string): Promise<Job>;
  /** Closes the stores; call it when no job runs. */
  close(): void;
}

// The task program keeps 30 s for itself to stop, like ECS's default stopTimeout.
const DEFAULT_GRACE_MS = 30_000;
const DEFAULT_JOBS_AT_ONCE = 100;
const DEFAULT_MOST_QUEUED = 100_000;
// How often to look whether a job that waits has had its turn.
const TURN_MS = 20;

/** Everything that a job needs, on this machine: stores in a folder, the state machine runner, children for containers. */
export async function openLocalPlatform(options: LocalPlatformOptions): Promise<LocalPlatform> {
  const stateFolder = resolve(options.stateFolder);
  const scratchFolder = join(stateFolder, 'scratch');
  await mkdir(scratchFolder, { recursive: true });
  const { chaos = NO_CHAOS } = options;
  const { deadLetters, records, leases: places, ...stores } = await openStateFolder(stateFolder);
  const leases = slowed(places, chaos);
  const artifacts = slowed(stores.artifacts, chaos);
  const { announce } = options;
  const quietJobs = slowed(stores.jobs, chaos);
  const jobs = announce ? announcing(quietJobs, announce) : quietJobs;
  const tellSteps = announce && historyNotices({ jobs, ...announce });
  const registry = openRegistry(options.workloads, registeredFolders(join(stateFolder, 'workloads'), options.outside));
  const { modelDigests: models = homeModelDigests, reuse } = options;
  const plan = openPlanner({ registry, jobs, artifacts, models, ...(reuse === undefined ? {} : { reuse }) });
  const slots = openSlots(options.slots ?? defaultSlots());
  const progress = jobProgress((reached, jobId) => {
    options.onProgress?.(reached, jobId);
    announce?.changed(jobId, reached);
  });
  const stateMachines = options.stateMachines ?? shipped('statemachines');

  const { versions } = options;
  const publish =
    versions &&
    (async (job: Job) => {
      const workload = await workloadOf(job, registry);
      await publishResult({ job, workload, versions: await versions() }, { jobs, artifacts });
    });
  const onFault = options.onFault ?? rethrow;
  let isStarting = true;
  const work = runningWork(
    openExecutions({
      folder: join(stateFolder, 'executions'),
      async load(name, jobId) {
        const { outside } = await workloadOf(await requireJob(jobId, jobs), registry);
        if (outside) return resolveMachine(outside.machine as Machine, `the machine of ${name}`, asItIs);
        return await loadMachine(join(stateMachines, `${name}.asl.json`), asItIs);
      },
      services: shortOfMachines(
        localServices({
          stateFolder,
          environment: { artifacts, jobs, models: options.models, scratchFolder },
          registry,
          slots,
          program: options.program ?? join(shipped('containers'), `main${extname(import.meta.filename)}`),
          graceMs: options.graceMs ?? DEFAULT_GRACE_MS,
          ...(options.image === undefined ? {} : { image: options.image }),
          onProgress: progress.report,
        }),
        chaos,
      ),
      onEvent(event, execution) {
        progress.event(event);
        options.onEvent?.(event, execution);
        tellSteps?.(event, execution);
      },
      async onEnded(request, end) {
        await deliver(() => settleJob(executionStatusEvent(request, end, new Date()), life), chaos);
        if (isStarting) await admitJobs(life, { most: A_FEW }).catch(onFault);
      },
      mapConcurrency: slots.size,
      ...(options.clock ? { clock: options.clock } : {}),
    }),
    onFault,
  );
  const { executions } = work;
  const limits = evenLimits(options.jobsAtOnce ?? DEFAULT_JOBS_AT_ONCE, options.mostQueued ?? DEFAULT_MOST_QUEUED);
  const life: LifePorts = {
    registry,
    artifacts,
    jobs,
    leases,
    limits,
    executions,
    deadLetters,
    plan,
    hasRoom: openQueueRoom({ jobs, limits }),
    account: (job) => accountOf(job, { jobs, artifacts, executions, registry }),
    ...(publish ? { publish } : {}),
  };

  const platform: LocalPlatform = {
    ...life,
    artifacts,
    deadLetters,
    records,
    executions,
    models,
    sweep: async () => await sweepJobs(life, { all: true }),

    async stopWork() {
      isStarting = false;
      await work.cancelAll(jobs);
    },

    async submit(request) {
      return (await submitJob(request, life)).job;
    },

    async settled(jobId) {
      for (;;) {
        const job = await requireJob(jobId, jobs);
        if (isSettled(job.status)) return job;
        const { execution = jobId } = job;
        const found = await executions.status(execution);
        if (found?.status === 'RUNNING') await executions.ended(execution);
        // It has ended, and nobody was told.
        else if (found) await platform.sweep();
        else await sleep(TURN_MS);
      }
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
      return await replayJob(await requireJob(jobId, jobs), life);
    },

    close() {
      jobs[Symbol.dispose]();
      leases[Symbol.dispose]();
      records[Symbol.dispose]();
    },
  };
  return platform;
}

/** At home a step is called by its name. */
function asItIs(name: string): string {
  return name;
}

function rethrow(thrown: unknown): never {
  throw thrown;
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
