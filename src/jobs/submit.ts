import { InputError, isRetryable } from '#core/errors';
import type { Job, JobInput, Notify } from '#core/job';
import { type Leases, teamQuota } from '#core/leases';
import { canonicalJson, jobId, sha256Hex } from '#core/names';
import type { ExecutionInput, WorkloadRegistry } from '#core/ports';
import type { Pool, Priority } from '#core/queue';
import { sizesOf } from '#core/sizes';
import type { Device, Size, Workload } from '#core/workload';
import { A_FEW, type AdmitPorts, admitJobs } from './admit.ts';
import { planOf } from './plan.ts';
import { RequestRefused } from './refusal.ts';

export interface SubmitRequest {
  workload: string;
  input: JobInput[];
  params?: Record<string, unknown> | undefined;
  team?: string | undefined;
  project?: string | undefined;
  priority?: Priority | undefined;
  tags?: Record<string, string> | undefined;
  notify?: Notify | undefined;
  sizes?: Record<string, Size> | undefined;
  batch?: string | undefined;
  clonedFrom?: string | undefined;
  /** False: do everything anew, whatever other jobs have done. */
  reuse?: boolean | undefined;
  /** The submitter's own name for this request: however often it comes, there is one job. */
  key?: string | undefined;
}

export interface SubmitPorts extends AdmitPorts {
  registry: WorkloadRegistry;
  /** What container steps shall run on where they can run on both. */
  device?: Device;
  /** Whether a team may put one more job into the queue; always, if not given. */
  hasRoom?: (team: string) => Promise<boolean>;
}

export type RecordPorts = Pick<SubmitPorts, 'jobs' | 'registry' | 'device' | 'hasRoom' | 'now'>;

export interface Submitted {
  job: Job;
  /** False when the request's key had brought the job about before. */
  isNew: boolean;
}

// Longer than a door may take to start a job. After that the first request is not on its way any more.
const IN_FLIGHT_MS = 60_000;

/**
 * Checks a request and records its job, which is started as soon as it is its turn.
 * @returns the job as it is then: QUEUED while it waits, and FAILED if its turn came and it can't be started.
 * @throws InputError that lists everything that is wrong with the request; RequestRefused when its key stands for another
 * request, or for a job that is being started just now, or when too many jobs of the team wait.
 */
export async function submitJob(request: SubmitRequest, ports: SubmitPorts): Promise<Submitted> {
  const { jobs, leases, now = () => new Date() } = ports;
  const { job, isNew } = await recordJob(request, ports);
  if (job.status !== 'QUEUED') return { job, isNew };
  await admitJobs(ports, { pool: job.pool, newcomer: job, most: A_FEW }).catch((thrown) => {
    // The job is recorded and nobody may be told otherwise: the sweep starts it.
    if (!isRetryable(thrown)) throw thrown;
  });
  const found = (await jobs.get(job.id)) ?? job;
  const isYoung = now().getTime() - Date.parse(found.createdAt) < IN_FLIGHT_MS;
  if (!isNew && isYoung && found.status === 'QUEUED' && (await isBeingStarted(found, leases))) {
    throw new RequestRefused(
      'KeyInFlight',
      `A request of the same key is being worked on: job ${found.id} is being started just now.`,
      'Send the request again in some seconds: it will answer with that job.',
    );
  }
  return { job: found, isNew };
}

/** It has a place, and nobody has recorded its start yet. */
async function isBeingStarted({ id, team, execution = id }: Job, leases: Pick<Leases, 'held'>): Promise<boolean> {
  return (await leases.held(teamQuota(team))).some(({ holder }) => holder === execution);
}

/** Checks a request and records its job, QUEUED, and starts nothing: whoever does this admits jobs afterwards. */
export async function recordJob(request: SubmitRequest, ports: RecordPorts): Promise<Submitted> {
  const { registry, jobs, device, hasRoom, now = () => new Date() } = ports;
  const workload = await (registry.choose ?? registry.get)(request.workload);
  const params = checkRequest(workload, request);
  const job = recordOf(request, { workload, params, pool: poolOf(planOf(workload, device)), now: now() });
  // A request that was accepted before is answered, however full the queue is.
  const mayEnter = !hasRoom || (await hasRoom(job.team));
  if (!mayEnter && !(await jobs.get(job.id))) throw queueFull(job.team);
  if (await jobs.create(job)) return { job, isNew: true };
  const earlier = (await jobs.get(job.id))!;
  requireSameRequest(earlier, job);
  return { job: earlier, isNew: false };
}

function queueFull(team: string): RequestRefused {
  return new RequestRefused(
    'QueueFull',
    `Team ${team} has as many jobs in the queue as may wait there.`,
    'Send the request again later; GET /queue shows how many wait.',
  );
}

/** What a job waits for: a GPU, if any of its steps is planned on one. */
function poolOf(plan: ExecutionInput['plan']): Pool {
  return Object.values(plan).includes('gpu') ? 'gpu' : 'cpu';
}

interface Checked {
  workload: Workload;
  params: Record<string, unknown>;
  pool: Pool;
  now: Date;
}

function recordOf(request: SubmitRequest, { workload, params, pool, now }: Checked): Job {
  const { team = 'default', project = 'default', priority = 'normal', input, key } = request;
  const { tags, notify, sizes, batch, clonedFrom, reuse } = request;
  const id = key === undefined ? jobId(workload.name) : clientJobId(workload.name, team, key);
  return {
    id,
    workload: workload.name,
    workloadVersion: workload.version,
    team,
    project,
    priority,
    pool,
    ...(tags && { tags }),
    ...(notify && { notify }),
    ...kept(sizesOf(workload, sizes)),
    ...(batch === undefined ? {} : { batch }),
    ...(clonedFrom === undefined ? {} : { clonedFrom }),
    ...(reuse === undefined ? {} : { reuse }),
    status: 'QUEUED',
    input,
    params,
    ...(key === undefined ? {} : { requestDigest: digestOf(request) }),
    // Known before the start, so that an execution that is quicker than the record of it finds its job.
    execution: id,
    degraded: [],
    createdAt: now.toISOString(),
  };
}

/** Kept from the first: every start of the job is then the same, whatever its workload declares by then. */
function kept(sizes: Record<string, Size>): Pick<Job, 'sizes'> {
  return Object.keys(sizes).length > 0 ? { sizes } : {};
}

/** The id of the job that a team's key stands for. */
export function clientJobId(workload: string, team: string, key: string): string {
  return jobId(workload, `${team}\n${key}`);
}

/** Of what was asked, before defaults: a newer version of the workload must not make it another request. */
function digestOf({ workload, input, params = {}, project = 'default', ...order }: SubmitRequest): string {
  const { priority, tags, notify, sizes, reuse } = order;
  return sha256Hex(canonicalJson({ workload, input, params, project, priority, tags, notify, sizes, reuse }));
}

function requireSameRequest(earlier: Job, job: Job): void {
  if (earlier.requestDigest === job.requestDigest) return;
  throw new RequestRefused(
    'KeyReused',
    `The key was used before for another request: it stands for job ${earlier.id}.`,
    'Choose a new key for a new request, or send exactly the first one again.',
  );
}

/**
 * The parameters with their defaults. @throws InputError that lists everything that is wrong with the request.
 */
export function checkRequest(workload: Workload, { input, params = {} }: SubmitRequest): Record<string, unknown> {
  const checked = workload.params.safeParse(params);
  const problems = [
    ...inputProblems(workload, input),
    ...(checked.error?.issues ?? []).map(({ path, message }) =>
      path.length > 0 ? `${path.join('.')}: ${message}` : message,
    ),
  ];
  if (problems.length === 0) return checked.data as Record<string, unknown>;
  throw new InputError(
    `This ${workload.name} job can't be accepted:\n${problems.map((one) => `- ${one}`).join('\n')}`,
    {
      details: { problems },
    },
  );
}

function inputProblems({ input: { min, max } }: Workload, input: JobInput[]): string[] {
  if (input.length >= min && input.length <= max) return [];
  const expected = min === max ? `${min}` : `${min} to ${max}`;
  return [`input: expected ${expected} file${expected === '1' ? '' : 's'}, found ${input.length}`];
}
