import type { Explanation } from '#core/failure';
import type { Job, JobError } from '#core/job';
import type { HistoryEvent } from '#core/ports';
import { nextSize, sizeOf } from '#core/sizes';
import type { Size, Workload } from '#core/workload';
import { FAILURE_RULES, type Seen } from './explain-failure-rules.ts';
import { stoppedTask } from './stopped-task.ts';
import type { Attempt } from './verdicts.ts';

export interface FailureFacts {
  job: Pick<Job, 'id' | 'workload' | 'sizes'>;
  error: JobError;
  /** Of the execution that failed. */
  history?: HistoryEvent[];
  /** All attempts of the job. */
  attempts?: Attempt[];
  workload?: Workload;
}

/**
 * What kind of failure it was, what says so, who can do something and what to do next. The more is known the better the
 * evidence; the error alone gives a kind, too.
 */
export function explainFailure(facts: FailureFacts): Explanation {
  const seen = seenIn(facts);
  const rule = FAILURE_RULES.find(({ evidence }) => evidence(seen).length > 0)!;
  const { retryHelps, actor, next } = rule.advice(seen);
  return { kind: rule.kind, evidence: [...rule.evidence(seen), ...tries(seen)], retryHelps, actor, next };
}

function seenIn({ job, error, history = [], attempts, workload }: FailureFacts): Seen {
  const { name, message, step } = error;
  const failed = history.findLast(({ type, state }) => FAILURES.includes(type) && isOfStep(state, step));
  const cause = failed?.cause ?? '';
  const own = attempts?.filter((attempt) => attempt.step === step && isOfShard(attempt, failed));
  const size = step === undefined ? undefined : sizeIn(workload, step, job.sizes);
  return {
    jobId: job.id,
    workload: job.workload,
    name,
    // A cause in JSON has been made a sentence of in the message already.
    text: cause.startsWith('{') ? message : `${message}\n${cause}`,
    ...(step === undefined ? {} : { step }),
    task: stoppedTask(cause) ?? {},
    ...(own ? { attempts: own.length } : {}),
    peakMiB: Math.max(0, ...(own ?? []).map(({ record }) => record?.peakMemoryMiB ?? 0)),
    ...(size ? { limitMiB: size.memoryMiB, hasLarger: nextSize(size) !== undefined } : {}),
  };
}

const FAILURES = ['TaskFailed', 'TaskTimedOut'];

function isOfStep(state: string | undefined, step: string | undefined): boolean {
  return step === undefined || state === step || state === `${step}OnCpu`;
}

/** Shards of a step fail for themselves. */
function isOfShard({ shard }: Attempt, failed: HistoryEvent | undefined): boolean {
  return failed?.shard === undefined || shard === failed.shard;
}

/** What a container step had; a function has its own memory, which no job can change. */
function sizeIn(workload: Workload | undefined, step: string, chosen: Job['sizes']): Size | undefined {
  const placed = workload?.steps[step];
  return placed?.runs === 'container' ? sizeOf(step, placed, chosen) : undefined;
}

function tries({ attempts = 0, step }: Seen): string[] {
  return attempts > 1 ? [`${step} was tried ${attempts} times.`] : [];
}
