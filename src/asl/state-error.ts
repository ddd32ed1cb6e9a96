/**
 * How a state fails: `name` is what `ErrorEquals` matches, the message is the cause. The interpreter asks `isCatchable`;
 * a terminal error ends the execution past every Retry and Catch, as States.Runtime does on AWS.
 */
export class StateError extends Error {
  override readonly name: string;
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(name: string, cause: string, { terminal = false }: { terminal?: boolean } = {}) {
    super(cause);
    this.name = name;
    this.isRetryable = !terminal;
    this.isCatchable = !terminal;
  }
}

export const TIMEOUT = 'States.Timeout';
export const TASK_FAILED = 'States.TaskFailed';

/**
 * True if a name of `ErrorEquals` matches the error. `States.TaskFailed` stands for every error of a Task but a
 * time-out, `States.ALL` for every one; neither matches a terminal error.
 * Source: docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function errorMatches(errorEquals: readonly string[], error: StateError, stateType: string): boolean {
  if (!error.isRetryable) return false;
  return errorEquals.some(
    (name) =>
      name === error.name ||
      name === 'States.ALL' ||
      (name === TASK_FAILED && stateType === 'Task' && error.name !== TIMEOUT),
  );
}
