import { REFUSALS } from '#core/errors';
import type { HistoryEvent } from '#core/ports';
import { describeCause } from '#jobs/cause';
import type { FinishedJob } from './reporter.ts';

/** A history event as a line for people, or undefined for one that only programs need. */
export function describeEvent({ type, state, shard, attempt, error, cause }: HistoryEvent): string | undefined {
  const why = cause === undefined ? '' : `: ${describeCause(cause)}`;
  const where = shard === undefined ? state : `${state} (shard ${shard})`;
  if (type === 'TaskStateEntered') return `${where}: started`;
  if (type === 'TaskStateExited') return `${where}: done`;
  if (type === 'TaskRetried') return `${where}: ${error}, trying again (attempt ${attempt})${why}`;
  // A refusal is told once, at the end, as the job's error.
  if (type === 'TaskCaught' && !REFUSALS.some((name) => name === error)) return `${where}: ${error}${why}`;
  return undefined;
}

/** The end of a job: what came out on stderr, where it is on stdout. */
export function printFinished({ status, output, report, missing }: FinishedJob): void {
  const lines = [...missing.map((part) => `missing: ${part}`), `${status}: ${output}`];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.stdout.write(`${report}\n`);
}
