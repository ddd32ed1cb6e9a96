import { InputError } from '#core/errors';
import type { Job, JobInput, Notify } from '#core/job';
import { canonicalJson, jobId, sha256Hex } from '#core/names';
import type { Executions, JobStore, WorkloadRegistry } from '#core/ports';
import type { Priority } from '#core/queue';
import type { Device, Size, Workload } from '#core/workload';
import { planOf } from './plan.ts';
import { RequestRefused } from './refusal.ts';
import { startJob } from './start.ts';

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
  /** The submitter's own name for this request: however often it comes, there is one job. */
  key?: string | undefined;
}

export interface SubmitPorts {
  registry: WorkloadRegistry;
  jobs: JobStore;
  executions: Pick<Executions, 'start' | 'stop'>;
  /** What container steps shall run on where they can run on both. */
  device?: Device;
  now?: () => Date;
}

export interface Submitted {
  job: Job;
  /** False when the request's key had brought the job about before. */
  isNew: boolean;
}

// Longer than a door may take to record a job and start it. After that the first request is not on its way any more.
const IN_FLIGHT_MS = 60_000;

/**
 * Checks a request, records the job and starts its execution.
 * @throws InputError that lists everything that is wrong with the request; RequestRefused when its key stands for another
 * request, or for one that is being recorded just now.
 */
export async function submitJob(request: SubmitRequest, ports: SubmitPorts): Promise<Submitted> {
  const { registry, jobs, device, now = () => new Date() } = ports;
  const workload = await registry.get(request.workload);
  const params = checkRequest(workload, request);
  const job = recordOf(request, workload, params, now());
  if (await jobs.create(job)) return { job: await startJob(job, planOf(workload, device), ports), isNew: true };

  const earlier = (await jobs.get(job.id))!;
  requireSameRequest(earlier, job);
  if (earlier.status !== 'QUEUED') return { job: earlier, isNew: false };
  if (now().getTime() - Date.parse(earlier.createdAt) < IN_FLIGHT_MS) {
    throw new RequestRefused(
      'KeyInFlight',
      `A request of the same key is being worked on: job ${earlier.id} is recorded and not started yet.`,
      'Send the request again in some seconds: it will answer with that job.',
    );
  }
  return { job: await startJob(earlier, planOf(workload, device), ports), isNew: false };
}

function recordOf(request: SubmitRequest, workload: Workload, params: Record<string, unknown>, now: Date): Job {
  const { team = 'default', project = 'default', priority = 'normal', input, key } = request;
  const { tags, notify, sizes, batch, clonedFrom } = request;
  const id = key === undefined ? jobId(workload.name) : clientJobId(workload.name, team, key);
  return {
    id,
    workload: workload.name,
    workloadVersion: workload.version,
    team,
    project,
    priority,
    pool: 'cpu',
    ...(tags && { tags }),
    ...(notify && { notify }),
    ...(sizes && { sizes }),
    ...(batch === undefined ? {} : { batch }),
    ...(clonedFrom === undefined ? {} : { clonedFrom }),
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

/** The id of the job that a team's key stands for. */
export function clientJobId(workload: string, team: string, key: string): string {
  return jobId(workload, `${team}\n${key}`);
}

/** Of what was asked, before defaults: a newer version of the workload must not make it another request. */
function digestOf({ workload, input, params = {}, project = 'default', ...order }: SubmitRequest): string {
  const { priority, tags, notify, sizes } = order;
  return sha256Hex(canonicalJson({ workload, input, params, project, priority, tags, notify, sizes }));
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
