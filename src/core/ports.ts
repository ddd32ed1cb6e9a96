import type { Artifact } from './artifact.ts';
import type { ExecutionEnd, Job, JobInput, JobState } from './job.ts';
import type { ByteSource, PutOptions } from './step.ts';
import type { Workload } from './workload.ts';

/** Bytes under keys: folders at home, S3 on AWS. An object is visible only when it is whole; a put replaces. */
export interface ArtifactStore {
  putFile(key: string, path: string, options?: PutOptions): Promise<StoredObject>;
  putBytes(key: string, bytes: Uint8Array | string, options?: PutOptions): Promise<StoredObject>;
  /** @throws InputNotFoundError when nothing lies under the key. */
  read(key: string): Promise<Uint8Array>;
  exists(key: string): Promise<boolean>;
  /** Keys below a prefix, sorted. */
  list(prefix: string): Promise<string[]>;
  /** A local file with the object's bytes; `folder` is where it is put if it has to be fetched. */
  local(key: string, folder: string): Promise<string>;
  /** Byte access to a job's input. */
  openInput(input: JobInput): Promise<ByteSource>;
  /** A local file with an input's bytes. @throws ResourceError before fetching when the disk has no room for it. */
  localInput(input: JobInput, folder: string): Promise<string>;
}

export interface StoredObject {
  key: string;
  sha256: string;
  bytes: number;
}

/** Job records; every change is conditional on what was read. */
export interface JobStore {
  /** @returns false when a job of that id is there already; the record is then unchanged. */
  create(job: Job): Promise<boolean>;
  get(id: string): Promise<Job | undefined>;
  /**
   * Moves a job on if it is in a state from which `to` is legal, and of the given execution when one is given.
   * @returns the job as it is after, or undefined when the condition did not hold.
   */
  transition(id: string, to: JobState, changes?: Partial<Job>, execution?: string): Promise<Job | undefined>;
  /** Writes progress of a running job of this execution; one that would go backwards is ignored. */
  progress(id: string, execution: string, progress: NonNullable<Job['progress']>): Promise<void>;
  /** The next attempt number of a step or shard, from 1, never handed out twice. */
  nextAttempt(jobId: string, step: string, shard?: number): Promise<number>;
  /** The newest attempt number that was handed out, 0 before the first. */
  latestAttempt(jobId: string, step: string, shard?: number): Promise<number>;
  /** Jobs that were recorded before `before` (UTC ISO-8601) and are QUEUED still, oldest first, at most `limit`. */
  unstarted(before: string, limit: number): Promise<Job[]>;
  /**
   * A team's jobs, newest first, page by page. Jobs that arrive meanwhile move nothing: over all pages each job comes
   * once. @throws InputError for a cursor that no page gave.
   */
  list(query: JobQuery): Promise<JobPage>;
}

/** Which jobs of a team; every condition that is given has to hold. */
export interface JobQuery {
  team: string;
  workload?: string | undefined;
  project?: string | undefined;
  /** Any of these. */
  status?: JobState[] | undefined;
  /** Recorded then or later, UTC ISO-8601. */
  since?: string | undefined;
  /** The `next` of the page before. */
  cursor?: string | undefined;
  limit: number;
}

export interface JobPage {
  jobs: Job[];
  /** Where the next page begins; only there when at least one more job was there. */
  next?: string;
}

/** A job that failed or timed out, kept until somebody replays or drops it. */
export interface DeadLetter {
  jobId: string;
  workload: string;
  team: string;
  /** The execution that failed. */
  execution: string;
  error?: NonNullable<Job['error']>;
  endedAt: string;
}

/** The dead-letter queue of jobs: kept 14 days, watched by an alarm. */
export interface DeadLetters {
  /** Puts a job in once: a second letter of the same execution replaces the first. */
  put(letter: DeadLetter): Promise<void>;
  /** The letters, oldest first. */
  list(): Promise<DeadLetter[]>;
  /** Takes a job's letter out. @returns it, or undefined when there is none. */
  remove(jobId: string): Promise<DeadLetter | undefined>;
}

/** Ways into and out of the platform that need no hand of ours: signed for one object and a short time. */
export interface Uploads {
  /** A form that lets a browser or curl post one file of at most `maxBytes`. */
  presign(request: UploadRequest): Promise<UploadForm>;
  /** A link under which anybody may fetch an artifact for a while. */
  link(key: string, fileName: string): Promise<string>;
}

export interface UploadRequest {
  team: string;
  name: string;
  mediaType: string;
  maxBytes: number;
}

export interface UploadForm {
  id: string;
  /** Where the object will lie: what a job names as its input. */
  uri: string;
  url: string;
  /** To be posted as multipart/form-data before the file. */
  fields: Record<string, string>;
  expiresAt: string;
}

/** Runs state machines: the interpreter at home, Step Functions on AWS. */
export interface Executions {
  /** Starts the machine under the request's name. Starting what already runs with the same input is harmless. */
  start(request: ExecutionRequest): Promise<{ execution: string }>;
  /**
   * Ends an execution; one that has ended already is left alone.
   * @returns false when there is no such execution: it was not started, or by a process that is no more.
   */
  stop(execution: string): Promise<boolean>;
  /** What happened, in order. @throws InputNotFoundError when the execution was never started. */
  history(execution: string): Promise<HistoryEvent[]>;
  /** The end of an execution, once there is one. */
  ended(execution: string): Promise<ExecutionEnd>;
}

export interface ExecutionRequest {
  jobId: string;
  /** `$$.Execution.Name`: the job's id, or another name for each later start. It is what the job keeps as `execution`. */
  name: string;
  workload: string;
  input: ExecutionInput;
  /** Redrive: begin at this state, with the input that was recorded for it. */
  from?: { state: string; input: unknown };
}

/** The input of every state machine. */
export interface ExecutionInput {
  jobId: string;
  /** For the tags of its tasks: who they cost. */
  team: string;
  project: string;
  plan: Record<string, 'reuse' | 'gpu' | 'cpu'>;
}

export interface HistoryEvent {
  at: string;
  type: string;
  state?: string;
  shard?: number;
  attempt?: number;
  /** How many iterations a Map that starts will have. */
  length?: number;
  error?: string;
  cause?: string;
  input?: unknown;
  output?: unknown;
}

/** Which workloads exist. The built-in ones register like anybody else's. */
export interface WorkloadRegistry {
  list(): Promise<Workload[]>;
  /** @throws InputError that names the workloads there are. */
  get(name: string): Promise<Workload>;
}

export type { Artifact };
