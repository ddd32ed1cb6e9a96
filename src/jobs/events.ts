import { InputNotFoundError } from '#core/errors';
import type { Job } from '#core/job';
import type { Executions, HistoryEvent } from '#core/ports';
import { describeCause } from './cause.ts';
import { executionNames } from './execution-names.ts';

/** What happened to a job, without what its states were given and gave: that is inner, and may be large. */
export interface JobEvent extends Omit<HistoryEvent, 'input' | 'output' | 'length'> {
  /** Which start of the job it belongs to. */
  execution: string;
}

// A stack trace of a service says no more to the submitter than its first lines.
const MAX_CAUSE_LENGTH = 500;

/** The events of all starts of a job, in order; none of a job that was not started. */
export async function jobEvents(job: Job, executions: Pick<Executions, 'history'>): Promise<JobEvent[]> {
  const histories = executionNames(job).map(async (execution) => {
    const events = await historyOf(execution, executions);
    return events.map((event) => eventOf(event, execution));
  });
  const events = (await Promise.all(histories)).flat();
  return [...reuseEvents(job, events[0]), ...events];
}

/** What was taken over from other jobs, which was decided right before the first start. */
function reuseEvents({ reused = [] }: Job, first: JobEvent | undefined): JobEvent[] {
  if (!first) return [];
  const { at, execution } = first;
  return reused.map(({ step, from }) => ({ at, type: 'StepReused', state: step, cause: `done by ${from}`, execution }));
}

async function historyOf(execution: string, executions: Pick<Executions, 'history'>): Promise<HistoryEvent[]> {
  try {
    return await executions.history(execution);
  } catch (thrown) {
    // Recorded and not started yet, or cancelled before it was.
    if (thrown instanceof InputNotFoundError) return [];
    throw thrown;
  }
}

function eventOf(
  { input: _input, output: _output, length: _length, cause, ...event }: HistoryEvent,
  execution: string,
) {
  return { ...event, ...(cause === undefined ? {} : { cause: shortened(describeCause(cause)) }), execution };
}

function shortened(cause: string): string {
  return cause.length > MAX_CAUSE_LENGTH ? `${cause.slice(0, MAX_CAUSE_LENGTH - 1)}…` : cause;
}
