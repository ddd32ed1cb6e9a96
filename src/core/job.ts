import type { ErrorDocument } from './errors.ts';
import type { Explanation } from './failure.ts';
import type { NoticeType } from './notices.ts';
import type { Charge } from './price.ts';
import type { Pool, Priority } from './queue.ts';
import type { Size } from './workload.ts';

export const JOB_STATES = [
  'QUEUED',
  'STARTING',
  'RUNNING',
  'SUCCEEDED',
  'PARTIAL',
  'FAILED',
  'REJECTED',
  'TIMED_OUT',
  'CANCELING',
  'CANCELED',
  'EXPIRED',
] as const;

export type JobState = (typeof JOB_STATES)[number];

/** From each state, the states that a job may go to. Anything else is a bug or a late event, and is refused. */
export const TRANSITIONS: Record<JobState, readonly JobState[]> = {
  // An execution may be quicker than the record of its start: it then finds its job QUEUED still.
  QUEUED: ['STARTING', 'RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'REJECTED', 'TIMED_OUT', 'CANCELING', 'CANCELED'],
  STARTING: ['RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'REJECTED', 'TIMED_OUT', 'CANCELING'],
  RUNNING: ['SUCCEEDED', 'PARTIAL', 'FAILED', 'REJECTED', 'TIMED_OUT', 'CANCELING'],
  CANCELING: ['CANCELED', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'REJECTED', 'TIMED_OUT'],
  // A redrive waits its turn like a new job.
  FAILED: ['QUEUED', 'EXPIRED'],
  TIMED_OUT: ['QUEUED', 'EXPIRED'],
  SUCCEEDED: ['EXPIRED'],
  PARTIAL: ['EXPIRED'],
  REJECTED: ['EXPIRED'],
  CANCELED: ['EXPIRED'],
  EXPIRED: [],
};

export function mayBecome(from: JobState, to: JobState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** True when nothing more happens to the job unless somebody asks for it. */
export function isSettled(state: JobState): boolean {
  return ['SUCCEEDED', 'PARTIAL', 'FAILED', 'REJECTED', 'TIMED_OUT', 'CANCELED', 'EXPIRED'].includes(state);
}

export interface Progress {
  step: string;
  percent: number;
  done: number;
  total: number;
  /** Why the step does nothing yet: its task waits for a machine. Gone once it reports. */
  waiting?: { reason: string; since: string };
}

/** A job after a legal step to `to`. A new start, and the wait for it, forget how the last one went. */
export function movedOn(job: Job, to: JobState, changes: Partial<Job> = {}): Job {
  const { error: _error, progress: _progress, endedAt: _endedAt, ...kept } = job;
  const isAnew = to === 'STARTING' || to === 'QUEUED';
  return isAnew ? { ...kept, degraded: [], ...changes, status: to } : { ...job, ...changes, status: to };
}

/** What a job lacks or got by a lesser way: "DetectObjects ran on CPU", "sparse instead of dense". */
export interface Degradation {
  step: string;
  reason: string;
}

export interface Job {
  id: string;
  workload: string;
  workloadVersion: string;
  team: string;
  project: string;
  priority: Priority;
  /** The capacity that it waits for. */
  pool: Pool;
  tags?: Record<string, string>;
  /** The batch that it is a member of. */
  batch?: string;
  /** Where its events are posted to. */
  notify?: Notify;
  status: JobState;
  input: JobInput[];
  params: Record<string, unknown>;
  /** What container steps get, by step: what their workload declared at submission, or what was chosen since. */
  sizes?: Record<string, Size>;
  /** The job whose request this one repeats with changes. */
  clonedFrom?: string;
  /** Steps that were not run because another job has done the same. */
  reused?: Reuse[];
  /** False when it shall do everything itself. */
  reuse?: boolean;
  /** How its newest start was planned; kept before that start, so that starting twice starts the same. */
  planned?: Planned;
  /** SHA-256 of the request that a client key stands for: the same key with another request is refused. */
  requestDigest?: string;
  /** Changes with every start, so that an event of an earlier execution can't touch a later one. */
  execution?: string;
  progress?: Progress;
  error?: JobError;
  degraded: Degradation[];
  /** What it took, over all its starts; there once it has ended. */
  charge?: Charge;
  createdAt: string;
  /** Since when it waits, where that is not since it was recorded: when it was last redriven. */
  queuedAt?: string;
  startedAt?: string;
  endedAt?: string;
}

/** Why a job has no result, or not all of it. */
export interface JobError extends ErrorDocument {
  step?: string;
  /** What kind of failure it is and what to do about it; settlement adds it. */
  explanation?: Explanation;
}

/** A step whose verdict was taken over from another job. */
export interface Reuse {
  step: string;
  /** The id of the job that ran it. */
  from: string;
}

/** What a start was planned as. */
export interface Planned {
  execution: string;
  plan: Record<string, 'reuse' | 'gpu' | 'cpu'>;
  /** The content key of each step whose verdict other jobs may take over. */
  keys?: Record<string, string>;
  /** One for each input, as it was when the keys were made of it: `ArtifactStore.inputStamp`. */
  stamps?: string[];
}

/** A webhook: every event of the job, or only those that are named. */
export interface Notify {
  url: string;
  events?: NoticeType[] | undefined;
}

/** One input file: `uri` is where it lies, `name` is what the submitter called it. */
export interface JobInput {
  name: string;
  uri: string;
}

/** How a whole result turned out. `partial` means that some of the work has no result, and `missing` says which. */
export type Outcome = { outcome: 'complete' } | { outcome: 'partial'; missing: string[] };

/** The end of an execution, in the words of Step Functions' execution status change events. */
export interface ExecutionEnd {
  status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  error?: string;
  cause?: string;
  output?: unknown;
}

/**
 * The state in which an execution's end leaves its job. A succeeded execution that went through `JobRejected` says so
 * in its output; one that went through WriteReport says how complete the result is.
 */
export function jobStateAfter({ status, output }: ExecutionEnd): JobState {
  if (status === 'FAILED') return 'FAILED';
  if (status === 'TIMED_OUT') return 'TIMED_OUT';
  if (status === 'ABORTED') return 'CANCELED';
  const { rejected, WriteReport } = (output ?? {}) as { rejected?: unknown; WriteReport?: { outcome?: string } };
  if (rejected !== undefined) return 'REJECTED';
  return WriteReport?.outcome === 'partial' ? 'PARTIAL' : 'SUCCEEDED';
}
