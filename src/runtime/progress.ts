import type { JobStore } from '#core/ports';
import type { Logger } from '#core/step';

export interface ProgressReport {
  done: number;
  total: number;
}

interface ProgressTarget {
  jobs: Pick<JobStore, 'progress'>;
  jobId: string;
  execution: string;
  step: string;
  logger: Logger;
  onProgress?: (report: ProgressReport) => void;
  /** The job does not run any more, or not under this execution. */
  onRefused?: () => void;
  now?: () => number;
}

// The job's record is written at most once a second; a display follows ten times as often.
const RECORD_INTERVAL_MS = 1000;
const DISPLAY_INTERVAL_MS = 100;

/**
 * Takes a step's progress as often as it comes and passes it on as often as is useful. The last one always arrives:
 * `flush` writes what was held back. Progress that can't be written is logged and does not fail the step.
 */
export function reportProgress(target: ProgressTarget) {
  const { jobs, jobId, execution, step, logger, onProgress, onRefused, now = Date.now } = target;
  let latest: ProgressReport | undefined;
  let recorded: ProgressReport | undefined;
  let shown: ProgressReport | undefined;
  let recordedAt = Number.NEGATIVE_INFINITY;
  let shownAt = Number.NEGATIVE_INFINITY;
  let writing: Promise<void> = Promise.resolve();

  const record = (report: ProgressReport) => {
    recorded = report;
    recordedAt = now();
    const { done, total } = report;
    const percent = total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;
    writing = writing
      .then(async () => {
        if (!(await jobs.progress(jobId, execution, { step, percent, done, total }))) onRefused?.();
      })
      .catch((thrown) => logger.warn('progress could not be recorded', { reason: String(thrown) }));
  };
  const show = (report: ProgressReport) => {
    shown = report;
    shownAt = now();
    onProgress?.(report);
  };

  return {
    report(done: number, total: number): void {
      latest = { done, total };
      if (now() - shownAt >= DISPLAY_INTERVAL_MS) show(latest);
      if (now() - recordedAt >= RECORD_INTERVAL_MS) record(latest);
    },
    async flush(): Promise<void> {
      if (latest && latest !== shown) show(latest);
      if (latest && latest !== recorded) record(latest);
      await writing;
    },
  };
}
