import type { Artifact } from './artifact.ts';
import type { ExecutionEnd, Job, JobInput, JobState, Planned, Reuse } from './job.ts';
import type { Lane, Pool } from './queue.ts';
import type { TaskSize } from './sizes.ts';
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
  /** What an input holds: of two inputs with the same digest the bytes are the same. */
  inputDigest(input: JobInput): Promise<string>;
  /** Changes when an input may have changed, and is told without reading it. */
  inputStamp(input: JobInput): Promise<string>;
}

/** What models are, told without fetching their weights. */
export interface ModelDigests {
  /** SHA-256 of the model.json that `ref` names, which pins the weights. @throws ModelError when there is no such model. */
  digest(ref: string): Promise<string>;
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
  /**
   * Keeps how the start of a QUEUED job is planned and what it takes over from other jobs. The first plan of an execution
   * stands. @returns the job as it is then, undefined when it is not QUEUED under that execution.
   */
  plan(id: string, planned: Planned, reused?: Reuse[]): Promise<Job | undefined>;
  /**
   * Writes progress of a running job of this execution; one that would go backwards is ignored.
   * @returns false when no such job runs any more: whoever reports works for nobody, and should stop.
   */
  progress(id: string, execution: string, progress: NonNullable<Job['progress']>): Promise<boolean>;
  /** The next attempt number of a step or shard, from 1, never handed out twice. */
  nextAttempt(jobId: string, step: string, shard?: number): Promise<number>;
  /** The newest attempt number that was handed out, 0 before the first. */
  latestAttempt(jobId: string, step: string, shard?: number): Promise<number>;
  /** The lanes of a pool in which jobs wait; some may be empty by now. */
  lanes(pool: Pool): Promise<Lane[]>;
  /** QUEUED jobs of a lane, oldest first, at most `limit`; with `after` those behind that job. It may lag by moments. */
  waiting(lane: Lane, limit: number, after?: Pick<Job, 'id' | 'createdAt'>): Promise<Job[]>;
  /** How many jobs wait in a lane, counted up to `most`; with `before` those recorded before then. It may lag by moments. */
  depth(lane: Lane, most: number, before?: string): Promise<number>;
  /**
   * A team's jobs, newest first, page by page. Jobs that arrive meanwhile move nothing: over all pages each job comes
   * once. @throws InputError for a cursor that no page gave.
   */
  list(query: JobQuery): Promise<JobPage>;
  /** How many members of a batch are in each state; states that none is in are left out. It may lag by moments. */
  countsOf(batch: string): Promise<StateCounts>;
}

export type StateCounts = Partial<Record<JobState, number>>;

/** Finds what may become inputs. */
export interface InputListing {
  /** The addresses of all plain files whose address begins with `prefix`, in order. @throws InputError when it can't be listed. */
  below(prefix: string): AsyncIterable<string>;
}

/** Which jobs of a team; every condition that is given has to hold. */
export interface JobQuery {
  team: string;
  workload?: string | undefined;
  project?: string | undefined;
  batch?: string | undefined;
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
  /** Begins a file that is sent in parts. */
  openParts(request: Omit<UploadRequest, 'maxBytes'>): Promise<PartedUpload>;
  /** Where one part is to be put; its number counts from 1. */
  signPart(upload: PartedUpload, part: { number: number; bytes: number }): Promise<string>;
  /** The parts that have arrived, in order. */
  listParts(upload: PartedUpload): Promise<SentPart[]>;
  /** Makes one file of its parts. */
  joinParts(upload: PartedUpload, parts: SentPart[]): Promise<void>;
  /** The file that was sent; undefined while there is none. */
  find(uri: string): Promise<SentFile | undefined>;
  /** SHA-256 of a file that is there. */
  digest(file: SentFile): Promise<string>;
  /** Takes back a file and whatever has arrived of it; harmless when there is nothing. */
  remove(upload: { uri: string; session?: string }): Promise<void>;
  /** A link under which anybody may fetch an artifact for a while. */
  link(key: string, fileName: string): Promise<string>;
}

export interface UploadRequest {
  team: string;
  name: string;
  mediaType: string;
  maxBytes: number;
  /** What the file has to be; another one is refused when it comes. */
  sha256?: string | undefined;
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

export interface PartedUpload {
  id: string;
  uri: string;
  /** What the store calls this sending. */
  session: string;
}

export interface SentPart {
  number: number;
  bytes: number;
  etag: string;
}

export interface SentFile {
  /** Of just this file, where another one may come to lie in its place. */
  uri: string;
  bytes: number;
  /** Where the store knows it without reading the file. */
  sha256?: string;
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
  /** How an execution is now; undefined when there is none: it was never started, or its process is no more. */
  status(execution: string): Promise<ExecutionStatus | undefined>;
  /** Where an execution that failed can be taken up; only where an execution can begin at any state. */
  resumePoint?(execution: string): Promise<ResumePoint | undefined>;
}

export type ExecutionStatus = { status: 'RUNNING' } | (ExecutionEnd & { endedAt: string });

export interface ResumePoint extends NonNullable<ExecutionRequest['from']> {
  /** What the execution was planned as. */
  plan: ExecutionInput['plan'];
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
  /** What the task of each container step is asked for; there when the workload has such steps. */
  size?: Record<string, TaskSize>;
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
  /** `ref` is a name or `name@version`. @throws InputError that names the workloads, or versions, there are. */
  get(ref: string): Promise<Workload>;
  /** What a new job gets: of a release with a canary, either version by its weight. As `get`, where there are no releases. */
  choose?(ref: string): Promise<Workload>;
  /** The version that a job was accepted for; as `get`, where a workload has one version at a time. */
  ofJob?(job: Pick<Job, 'workload' | 'workloadVersion'>): Promise<Workload>;
}

export type { Artifact };
