import type { Job } from '#core/job';

type Named = Pick<Job, 'id' | 'execution'>;

const REDRIVE = /-redrive-(\d+)$/;

/** Every execution that a job has had, in order: they are numbered. */
export function executionNames(job: Named): string[] {
  return Array.from({ length: startsBefore(job) + 1 }, (_, before) => executionName(job.id, before));
}

/** `<jobId>`, `<jobId>-redrive-1`, `<jobId>-redrive-2`, … */
export function nextExecutionName(job: Named): string {
  return executionName(job.id, startsBefore(job) + 1);
}

/** The execution before a job's newest; undefined for a job that is started for the first time. */
export function previousExecutionName(job: Named): string | undefined {
  const before = startsBefore(job);
  return before === 0 ? undefined : executionName(job.id, before - 1);
}

function startsBefore({ id, execution = id }: Named): number {
  return Number(REDRIVE.exec(execution)?.[1] ?? 0);
}

function executionName(id: string, before: number): string {
  return before === 0 ? id : `${id}-redrive-${before}`;
}
