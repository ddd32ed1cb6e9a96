import type { JobError } from '#core/job';
import type { HistoryEvent } from '#core/ports';
import type { Workload } from '#core/workload';
import { explainFailure } from '#jobs/explain-failure';
import type { Attempt } from '#jobs/verdicts';
import toy from './toy/workload.ts';

export const STEP = 'SplitWords';

export interface Failure {
  name: string;
  message?: string;
  cause?: string;
  attempts?: Attempt[];
  sizes?: Record<string, { vcpu: number; memoryMiB: number }>;
}

/** What is made of a failure of a toy's step. */
export function explain(
  { name, message = name, cause = message, attempts = [attempt()], sizes }: Failure,
  step = STEP,
) {
  const error: JobError = { name, message, step };
  const history: HistoryEvent[] = [{ at: '2026-01-01T00:00:00Z', type: 'TaskFailed', state: step, error: name, cause }];
  const job = { id: 'toy-1', workload: 'toy', ...(sizes ? { sizes } : {}) };
  return explainFailure({ job, error, history, attempts, workload: toy as Workload });
}

export function attempt(record: Partial<NonNullable<Attempt['record']>> = {}): Attempt {
  const facts = { startedAt: '2026-01-01T00:00:00Z', seconds: 1, cpuSeconds: 1, peakMemoryMiB: 100 };
  return { step: STEP, attempt: 1, record: { step: STEP, attempt: 1, ...facts, ...record } };
}

/** The cause of a failed `ecs:runTask.sync`: the task as DescribeTasks tells of it, with capitals, as JSON. */
export function task(container: { ExitCode?: number; Reason?: string }, more: object = {}): string {
  const ended = { StopCode: 'EssentialContainerExited', StoppedReason: 'Essential container in task exited', ...more };
  return JSON.stringify({ Containers: [{ Name: 'task', LastStatus: 'STOPPED', ...container }], ...ended });
}

export const OOM = 'OutOfMemoryError: Container killed due to memory usage';
export const taskFailed = (cause: string): Failure => ({ name: 'States.TaskFailed', message: 'The task ended', cause });
export const lambdaFailed = (errorType: string, errorMessage: string): Failure => ({
  name: errorType,
  message: errorMessage,
  cause: JSON.stringify({ errorType, errorMessage }),
});
