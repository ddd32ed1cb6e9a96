import { ContractError } from '#core/errors';
import type { ExecutionInput, HistoryEvent } from '#core/ports';

export interface RedrivePoint {
  /** The state to begin at, and the input it had. */
  state: string;
  input: unknown;
  plan: ExecutionInput['plan'];
}

/**
 * Where a failed execution is taken up again: at the state of the outermost level that it was in. A Map starts again as
 * a whole; iterations that are done cost nothing then, because their step has a verdict.
 * @throws ContractError for an execution that never entered a state.
 */
export function redrivePoint(history: HistoryEvent[]): RedrivePoint {
  const last = history.findLast(({ type, shard }) => type.endsWith('StateEntered') && shard === undefined);
  if (last?.state === undefined) {
    throw new ContractError(
      'The execution failed before its first state, so there is nothing to take up. Submit the job again.',
    );
  }
  const { plan = {} } = last.input as Partial<ExecutionInput>;
  return { state: last.state, input: last.input, plan };
}
