import type { HistoryEvent } from '#core/ports';
import type { TaskSize } from '#core/sizes';

/** One time that a Task state had its function called or its container run. */
export interface TaskRun {
  state: string;
  shard?: number;
  from: number;
  to: number;
  succeeded: boolean;
  /** What its container was asked for, by step. */
  size?: Record<string, TaskSize>;
}

const ENDS = ['TaskSucceeded', 'TaskFailed', 'TaskTimedOut', 'TaskAborted'];

/** Every run of a Task state in a history, in order. One that has no end of its own ended with the execution. */
export function taskRuns(history: HistoryEvent[]): TaskRun[] {
  const runs: TaskRun[] = [];
  const open = new Map<string, TaskRun>();
  const sizes = new Map<string, TaskRun['size']>();
  for (const { at, type, state, shard, input } of history) {
    if (state === undefined) continue;
    const key = `${state} ${shard ?? ''}`;
    if (type.endsWith('StateEntered')) sizes.set(key, (input as { size?: TaskRun['size'] } | undefined)?.size);
    if (type === 'TaskStarted') {
      const size = sizes.get(key);
      const place = { state, ...(shard === undefined ? {} : { shard }), ...(size ? { size } : {}) };
      open.set(key, { ...place, from: Date.parse(at), to: Date.parse(at), succeeded: false });
    }
    const run = ENDS.includes(type) ? open.get(key) : undefined;
    if (!run) continue;
    runs.push({ ...run, to: Date.parse(at), succeeded: type === 'TaskSucceeded' });
    open.delete(key);
  }
  const last = Date.parse(history.at(-1)?.at ?? '');
  return [...runs, ...[...open.values()].map((run) => ({ ...run, to: last }))];
}

/**
 * State transitions as Step Functions charges for them: every state that is entered, and every retry. Source:
 * aws.amazon.com/step-functions/pricing
 */
export function transitionsIn(history: HistoryEvent[]): number {
  const entered = history.filter(({ type }) => type.endsWith('StateEntered')).length;
  const retried = history.filter(({ type, attempt = 1 }) => type === 'TaskScheduled' && attempt > 1).length;
  return entered + retried;
}
