import type { Job, JobEvent } from '../api-types.ts';

/** How one state of the machine went, as far as a job's events tell. */
export interface StateRun {
  outcome: 'idle' | 'waiting' | 'running' | 'good' | 'bad' | 'caught' | 'reused' | 'ended';
  startedAt?: string;
  endedAt?: string;
  /** How many were begun and done: 1 of a state by itself, the shards of one in a Map. */
  begun: number;
  done: number;
  retries: number;
  /** The last error that it ran into, whether or not that ended it. */
  error?: { name: string; cause?: string };
  waiting?: string;
}

/** By the state's name. A job that was started again counts by its last start, and keeps what the first ones did. */
export function stateRuns(events: JobEvent[], job: Pick<Job, 'status' | 'progress' | 'waiting' | 'reused'>) {
  const runs = new Map<string, StateRun>();
  const runOf = (state: string) => {
    const run = runs.get(state) ?? { outcome: 'idle', begun: 0, done: 0, retries: 0 };
    runs.set(state, run);
    return run;
  };
  for (const { step } of job.reused ?? []) runOf(step).outcome = 'reused';
  const lastStart = new Map<string, string>();
  for (const event of events) {
    if (event.state === undefined) continue;
    const run = runOf(event.state);
    if (event.type === 'StepReused') run.outcome = 'reused';
    // What another start of the job began is counted anew.
    if (event.type.endsWith('StateEntered') && lastStart.get(event.state) !== event.execution) {
      lastStart.set(event.state, event.execution);
      Object.assign(run, { begun: 0, done: 0, outcome: 'running', startedAt: event.at });
      delete run.endedAt;
      delete run.error;
    }
    tell(run, event);
  }
  for (const run of runs.values()) if (run.outcome === 'running') settle(run, job);
  // To come to this end is no success, though its state did what it is for.
  const refused = runs.get('JobRejected');
  if (refused?.outcome === 'good') refused.outcome = 'caught';
  return runs;
}

function tell(run: StateRun, { type, at, error, cause }: JobEvent): void {
  // One shard may be done before the next begins.
  if (type.endsWith('StateEntered')) Object.assign(run, { begun: run.begun + 1, outcome: 'running' });
  if (type.endsWith('StateExited')) {
    run.done += 1;
    run.endedAt = at;
    if (run.done >= run.begun && run.outcome !== 'caught') run.outcome = 'good';
  }
  if (type.endsWith('Retried')) run.retries += 1;
  if (error !== undefined) run.error = { name: error, ...(cause === undefined ? {} : { cause }) };
  if (type.endsWith('Caught')) run.outcome = 'caught';
  if (type.endsWith('Failed') || type.endsWith('TimedOut') || type.endsWith('Aborted')) {
    // An attempt that failed is a retry or a catch, which its own event tells.
    if (!/^(Task|Lambda)(Failed|TimedOut)$/.test(type)) [run.outcome, run.endedAt] = ['bad', at];
  }
}

/** A state that was entered and not left: what it does depends on how the job is. */
function settle(run: StateRun, { status, waiting }: Pick<Job, 'status' | 'waiting'>): void {
  if (status === 'RUNNING' && waiting) {
    run.outcome = 'waiting';
    run.waiting = waiting.reason;
  } else if (status !== 'RUNNING' && status !== 'STARTING' && status !== 'QUEUED') {
    run.outcome = status === 'FAILED' || status === 'TIMED_OUT' ? 'bad' : 'ended';
  }
}

const NAMES: Record<StateRun['outcome'], string> = {
  idle: 'not reached',
  waiting: 'waits',
  running: 'running',
  good: 'done',
  bad: 'failed',
  caught: 'refused',
  reused: 'reused',
  ended: 'ended',
};

export function outcomeName({ outcome }: StateRun): string {
  return NAMES[outcome];
}
