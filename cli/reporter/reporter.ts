import type { Progress } from '#core/job';
import type { HistoryEvent } from '#core/ports';

/** Tells a person or a program how a job goes. */
export interface Reporter {
  /** Something that takes a while before the job can start. */
  preparing(what: string): void;
  started(job: { id: string; workload: string }): void;
  event(event: HistoryEvent): void;
  progress(progress: Progress): void;
  /** The end of a job that has a result; `partial` says what is missing. */
  finished(result: FinishedJob): void;
  /** Leaves the terminal as it was found. */
  close(): void;
}

export interface FinishedJob {
  jobId: string;
  status: string;
  output: string;
  report: string;
  missing: string[];
}

/** JSON lines for `--json`, a live display in a terminal, plain lines elsewhere. */
export async function openReporter({ json }: { json: boolean }): Promise<Reporter> {
  if (json) return (await import('./json-reporter.ts')).jsonReporter();
  if (process.stderr.isTTY && process.env.TERM !== 'dumb')
    return (await import('./terminal-reporter.ts')).terminalReporter();
  return (await import('./plain-reporter.ts')).plainReporter();
}
