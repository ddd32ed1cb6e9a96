import type { ErrorDocument } from '#core/errors';
import { type Degradation, type ExecutionEnd, type Job, jobStateAfter } from '#core/job';
import { attemptPrefix } from '#core/names';
import type { ArtifactStore, Executions, HistoryEvent, JobStore } from '#core/ports';
import { ATTEMPT, attemptSchema } from '#core/verdict';
import { describeCause } from './cause.ts';
import type { ExecutionStatusEvent } from './execution-event.ts';

export interface SettlePorts {
  jobs: JobStore;
  artifacts: ArtifactStore;
  executions: Pick<Executions, 'history'>;
}

/**
 * Records in a job how its execution ended. Conditional on the execution: an event that comes late, twice, or for an
 * earlier start changes nothing. @returns the settled job, or undefined when there was nothing to settle.
 */
export async function settleJob({ detail, time }: ExecutionStatusEvent, ports: SettlePorts): Promise<Job | undefined> {
  const { status, name, input, output, error, cause } = detail;
  if (status === 'RUNNING') return undefined;
  const end: ExecutionEnd = {
    status,
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(output === null ? {} : { output: JSON.parse(output) as unknown }),
  };
  const { jobId } = JSON.parse(input) as { jobId: string };
  const to = jobStateAfter(end);
  const failure = await failureOf(end, jobId, name, ports);
  const changes = { endedAt: time, ...(failure ? { error: failure } : {}), degraded: degradedIn(end) };
  return await ports.jobs.transition(jobId, to, changes, name);
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
  const name = rejected?.Error ?? end.error;
  if (name === undefined) return undefined;
  const history = await ports.executions.history(execution);
  const failed = history.findLast(({ type, error }) => TASK_FAILURES.includes(type) && error === name);
  const step = failed?.state && stepOf(failed.state);
  const recorded = step ? await recordedError(jobId, step, failed, ports) : undefined;
  return {
    ...(recorded ?? { name, message: describeCause(rejected?.Cause ?? end.cause ?? name) }),
    ...(step && { step }),
  };
}

const TASK_FAILURES = ['TaskFailed', 'TaskTimedOut'];

/** `DetectObjectsOnCpu` is the CPU twin of the state `DetectObjects`, and the same step. */
function stepOf(state: string): string {
  return state.replace(/OnCpu$/, '');
}

/** A container task says by its exit code that it failed, and in its attempt's record why. */
async function recordedError(
  jobId: string,
  step: string,
  { error, shard }: HistoryEvent,
  { jobs, artifacts }: SettlePorts,
): Promise<ErrorDocument | undefined> {
  if (error !== 'States.TaskFailed') return undefined;
  const attempt = await jobs.latestAttempt(jobId, step, shard);
  const address = { jobId, step, attempt, ...(shard === undefined ? {} : { shard }) };
  const key = `${attemptPrefix(address)}${ATTEMPT}`;
  if (attempt === 0 || !(await artifacts.exists(key))) return undefined;
  const record = attemptSchema.parse(JSON.parse(Buffer.from(await artifacts.read(key)).toString()));
  return record.error && { name: record.error.name, message: record.error.message };
}
