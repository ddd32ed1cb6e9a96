import { type ErrorDocument, REFUSALS } from '#core/errors';
import { type Degradation, type ExecutionEnd, type Job, jobStateAfter, movedOn } from '#core/job';
import type { Leases } from '#core/leases';
import { attemptPrefix } from '#core/names';
import type { Notices } from '#core/notices';
import type { ArtifactStore, DeadLetters, Executions, HistoryEvent, JobStore } from '#core/ports';
import { ATTEMPT, attemptSchema } from '#core/verdict';
import { releasePlaces } from './admit.ts';
import { describeCause } from './cause.ts';
import { keepDeadLetter } from './dead-letter.ts';
import type { ExecutionStatusEvent } from './execution-event.ts';
import { tellJobEnd } from './notify.ts';
import { newestVerdict } from './verdicts.ts';

export interface SettlePorts {
  jobs: JobStore;
  artifacts: ArtifactStore;
  executions: Pick<Executions, 'history'>;
  deadLetters: Pick<DeadLetters, 'put'>;
  /** What `jobs` tells of an end that it records: told again where whoever recorded it may have died. */
  notices?: Notices;
  leases: Pick<Leases, 'give'>;
  /** Closes the result of a job that is about to be SUCCEEDED or PARTIAL, where it is fetched from its keys. */
  publish?: (job: Job) => Promise<void>;
  /** What a job took and, where it failed, why: told of the job as it is about to be. */
  account?: (job: Job) => Promise<Pick<Job, 'charge' | 'error'>>;
}

/**
 * Records in a job how its execution ended, and puts one that failed or timed out into the dead-letter queue. Conditional
 * on the execution: an event that comes late, twice, or for an earlier start changes nothing. Then the execution's places are
 * given back.
 * @returns the settled job, or undefined when there was nothing to settle.
 */
export async function settleJob({ detail, time }: ExecutionStatusEvent, ports: SettlePorts): Promise<Job | undefined> {
  const { status, name, input, output, error, cause } = detail;
  if (status === 'RUNNING') return undefined;
  const end: ExecutionEnd = {
    status,
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(output === undefined ? {} : { output: JSON.parse(output) as unknown }),
  };
  const job = await jobOf(input, ports.jobs);
  if (!job) return undefined;
  const settled = job.execution === name ? await recordEnd(job, name, end, time, ports) : undefined;
  // Last: who died on the way left the places taken, and the reconciler settles it again.
  await releasePlaces(job, name, ports.leases);
  return settled;
}

async function recordEnd(
  job: Job,
  name: string,
  end: ExecutionEnd,
  time: string,
  ports: SettlePorts,
): Promise<Job | undefined> {
  const jobId = job.id;
  const failure = await failureOf(end, jobId, name, ports);
  // A refusal is no failure, also where no Catch took it: a step's verdict stands, whatever its engine made of the error.
  const to = end.status === 'FAILED' && isRefusalName(failure?.name) ? 'REJECTED' : jobStateAfter(end);
  const ended = { endedAt: time, ...(failure ? { error: failure } : {}), degraded: degradedIn(end) };
  const changes = { ...ended, ...(await ports.account?.(movedOn(job, to, ended))) };
  // Before anybody is told that there is a result, it is whole.
  if (to === 'SUCCEEDED' || to === 'PARTIAL') await ports.publish?.(movedOn(job, to, changes));
  const settled = await ports.jobs.transition(jobId, to, changes, name);
  // Who settled the job may have died before its letter was written, or its end told. The same event again does both.
  const last = settled ?? (await ports.jobs.get(jobId));
  if (last?.execution === name && last.endedAt === time) {
    await keepDeadLetter(last, ports.deadLetters);
    if (!settled && ports.notices) await tellJobEnd(last, ports.notices);
  }
  return settled;
}

/** Somebody may start a machine by hand, with whatever input; that is no job. */
async function jobOf(input: string, jobs: JobStore): Promise<Job | undefined> {
  const { jobId } = (JSON.parse(input) ?? {}) as { jobId?: unknown };
  return typeof jobId === 'string' ? await jobs.get(jobId) : undefined;
}

function degradedIn({ output }: ExecutionEnd): Degradation[] {
  const { WriteReport } = (output ?? {}) as { WriteReport?: { degraded?: Degradation[] } };
  return WriteReport?.degraded ?? [];
}

async function failureOf(
  end: ExecutionEnd,
  jobId: string,
  execution: string,
  ports: SettlePorts,
): Promise<Job['error'] | undefined> {
  const rejected = (end.output as { rejected?: { Error: string; Cause: string } } | undefined)?.rejected;
  if (!rejected && end.status !== 'FAILED' && end.status !== 'TIMED_OUT') return undefined;
  const history = await ports.executions.history(execution);
  const told = rejected?.Error ?? end.error;
  const failed = history.findLast(
    ({ type, error }) => TASK_FAILURES.includes(type) && (told === undefined || error === told),
  );
  const name = told ?? (end.status === 'TIMED_OUT' ? 'States.Timeout' : (failed?.error ?? 'States.Runtime'));
  const step = failed?.state && stepOf(failed.state);
  const recorded = step ? await recordedError(jobId, step, failed, ports) : undefined;
  return {
    ...(recorded ?? { name, message: describeCause(rejected?.Cause ?? end.cause ?? failed?.cause ?? name) }),
    ...(step && { step }),
  };
}

const TASK_FAILURES = ['TaskFailed', 'TaskTimedOut'];

/** `DetectObjectsOnCpu` is the CPU twin of the state `DetectObjects`, and the same step. */
function stepOf(state: string): string {
  return state.replace(/OnCpu$/, '');
}

/**
 * What the step itself left says more than the engine, which for a container knows an exit code: its verdict, if that is
 * an error, or else its last attempt's record.
 */
async function recordedError(
  jobId: string,
  step: string,
  { error, shard }: HistoryEvent,
  { jobs, artifacts }: SettlePorts,
): Promise<ErrorDocument | undefined> {
  const place = { jobId, step, ...(shard === undefined ? {} : { shard }) };
  const verdict = await newestVerdict(place, { jobs, artifacts });
  if (verdict?.status === 'rejected') return withoutDetails(verdict.error);
  if (error !== 'States.TaskFailed') return undefined;
  const attempt = await jobs.latestAttempt(jobId, step, shard);
  const key = `${attemptPrefix({ ...place, attempt })}${ATTEMPT}`;
  if (attempt === 0 || !(await artifacts.exists(key))) return undefined;
  const record = attemptSchema.parse(JSON.parse(Buffer.from(await artifacts.read(key)).toString()));
  return record.error && withoutDetails(record.error);
}

function withoutDetails({ name, message }: { name: string; message: string }): ErrorDocument {
  return { name, message };
}

function isRefusalName(name: string | undefined): boolean {
  return (REFUSALS as readonly (string | undefined)[]).includes(name);
}
