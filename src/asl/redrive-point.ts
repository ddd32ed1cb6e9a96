import type { ExecutionInput, HistoryEvent, ResumePoint } from '#core/ports';

/**
 * Where a failed execution is taken up again: at the state of the outermost level that it was in. A Map starts again as
 * a whole; iterations that are done cost nothing then, because their step has a verdict.
 * @returns undefined for an execution that never entered a state.
 */
export function redrivePoint(history: HistoryEvent[]): ResumePoint | undefined {
  const last = history.findLast(({ type, shard }) => type.endsWith('StateEntered') && shard === undefined);
  if (last?.state === undefined) return undefined;
  const { plan = {} } = last.input as Partial<ExecutionInput>;
  return { state: last.state, input: last.input, plan };
}
