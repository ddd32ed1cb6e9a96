import type { Progress } from '#core/job';
import type { HistoryEvent } from '#core/ports';
import type { ProgressReport } from './progress.ts';

/**
 * Adds the progress of shards up to that of their step. Shards that have not reported yet count as large as the mean of
 * those that have, since a plan cuts even shards.
 */
export function jobProgress(onProgress: (progress: Progress, jobId: string) => void) {
  const steps = new Map<string, Map<number, ProgressReport>>();
  let iterations = 1;

  return {
    event({ type, length }: HistoryEvent): void {
      if (type === 'MapStateStarted') iterations = length ?? 1;
    },
    report({
      jobId,
      step,
      shard,
      done,
      total,
    }: ProgressReport & { jobId: string; step: string; shard?: number }): void {
      const key = `${jobId}/${step}`;
      const shards = steps.get(key) ?? new Map<number, ProgressReport>();
      steps.set(key, shards.set(shard ?? 0, { done, total }));
      const expected = shard === undefined ? 1 : Math.max(iterations, shards.size);
      const sum = summed([...shards.values()], expected);
      onProgress({ step, percent: percentOf(sum), ...sum }, jobId);
    },
  };
}

function summed(reports: ProgressReport[], expected: number): ProgressReport {
  const done = reports.reduce((sum, report) => sum + report.done, 0);
  const total = reports.reduce((sum, report) => sum + report.total, 0);
  return { done, total: Math.round((total / reports.length) * expected) };
}

function percentOf({ done, total }: ProgressReport): number {
  return total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;
}
