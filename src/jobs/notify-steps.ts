import type { Notices } from '#core/notices';
import type { HistoryEvent, JobStore } from '#core/ports';
import type { ExecutionStatusEvent } from './execution-event.ts';
import { type Occurrence, tell } from './notify.ts';
import type { TaskChangeEvent } from './waiting.ts';

export interface HistoryNoticePorts {
  jobs: Pick<JobStore, 'get'>;
  notices: Notices;
  /** Hears of each event of a job. */
  changed: (jobId: string) => void;
  onFault: (thrown: unknown) => void;
}

const ATTEMPT_ENDS = ['TaskSucceeded', 'TaskFailed', 'TaskTimedOut', 'TaskAborted'];
const EXECUTION_ENDS = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionTimedOut', 'ExecutionAborted'];

/**
 * Tells of starts and steps by what the runner of executions says, in its order. Of a job that named no receiver nothing
 * is told: nobody else listens where one process runs all.
 */
export function historyNotices({ jobs, notices, changed, onFault }: HistoryNoticePorts) {
  const jobOf = new Map<string, string>();
  let told: Promise<void> = Promise.resolve();

  return (event: HistoryEvent, execution: string): void => {
    if (event.type === 'ExecutionStarted') jobOf.set(execution, jobIdIn(event.input) ?? '');
    const jobId = jobOf.get(execution);
    if (EXECUTION_ENDS.includes(event.type)) jobOf.delete(execution);
    if (!jobId) return;
    changed(jobId);
    const occurrence = occurrenceOf(event, execution);
    if (!occurrence) return;
    told = told
      .then(async () => {
        const job = await jobs.get(jobId);
        if (job?.notify) await tell(job, occurrence, notices);
      })
      .catch(onFault);
  };
}

function jobIdIn(input: unknown): string | undefined {
  const { jobId } = (input ?? {}) as { jobId?: unknown };
  return typeof jobId === 'string' ? jobId : undefined;
}

function occurrenceOf(event: HistoryEvent, execution: string): Occurrence | undefined {
  const { at: time, type, state, shard, attempt, error } = event;
  if (type === 'ExecutionStarted') return { type: 'job-start', time, execution };
  const step = state && stepOf(state);
  const place = { time, execution, step, shard, attempt: attemptOf(state, attempt) };
  if (type === 'TaskStarted') return { type: 'step-start', ...place };
  if (ATTEMPT_ENDS.includes(type)) return { type: 'step-end', ...place, error };
  return undefined;
}

/** A CPU twin counts its attempts anew, and they are none of the GPU's. */
function attemptOf(state: string | undefined, attempt: number | undefined): string | number | undefined {
  return state?.endsWith('OnCpu') ? `cpu-${attempt}` : attempt;
}

/** `DetectObjectsOnCpu` is the CPU twin of the state `DetectObjects`, and the same step. */
function stepOf(state: string): string {
  return state.replace(/OnCpu$/, '');
}

/** Tells that an execution of a job began. */
export async function tellStart(
  event: ExecutionStatusEvent,
  jobs: Pick<JobStore, 'get'>,
  notices: Notices,
): Promise<void> {
  const jobId = jobIdIn(JSON.parse(event.detail.input));
  const job = jobId === undefined ? undefined : await jobs.get(jobId);
  const { name: execution } = event.detail;
  if (job?.execution === execution) await tell(job, { type: 'job-start', time: event.time, execution }, notices);
}

/**
 * Tells that a container step began or ended, from what the cluster says of its task: the task itself has no way to the
 * event bus. Whether it left a verdict the cluster can't know, and says the more how it ended.
 */
export async function tellTask(event: TaskChangeEvent, jobs: Pick<JobStore, 'get'>, notices: Notices): Promise<void> {
  const { taskArn: attempt, lastStatus, overrides, containers } = event.detail;
  const type = lastStatus === 'RUNNING' ? 'step-start' : lastStatus === 'STOPPED' ? 'step-end' : undefined;
  const environment = overrides.containerOverrides.flatMap((container) => container.environment);
  const variable = (name: string) => environment.find((each) => each.name === name)?.value;
  const [jobId, execution, step] = ['STEPREEL_JOB_ID', 'STEPREEL_EXECUTION', 'STEPREEL_STEP'].map(variable);
  const job = type && jobId ? await jobs.get(jobId) : undefined;
  if (!type || !step || execution === undefined || job?.execution !== execution) return;
  const shard = variable('STEPREEL_SHARD');
  const place = { step, attempt, ...(shard === undefined ? {} : { shard: Number(shard) }) };
  const error = type === 'step-end' && containers[0]?.exitCode !== 0 ? 'States.TaskFailed' : undefined;
  // The cluster's times may have an offset, and notices are in UTC.
  await tell(job, { type, time: new Date(event.time).toISOString(), execution, ...place, error }, notices);
}
