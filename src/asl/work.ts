import { Backoff } from './backoff.ts';
import type { State, TaskState } from './definition.ts';
import { callService } from './integrations.ts';
import { requirePayloadFits } from './limits.ts';
import { runMap } from './map.ts';
import type { MapParameters, WaitParameters } from './rewrite.ts';
import type { Scope } from './scope.ts';
import { StateError, TIMEOUT } from './state-error.ts';

/** Does what a Task, Map or Wait state is there for, again and again as its Retry says. */
export async function work(name: string, state: State, parameters: unknown, scope: Scope): Promise<unknown> {
  const { stop, clock, record } = scope;
  stop.signal.throwIfAborted();
  if (state.Type === 'Wait') {
    return await clock.sleep((parameters as WaitParameters).seconds * 1000, stop.signal);
  }
  const retriers = state.Type === 'Task' || state.Type === 'Map' ? (state.Retry ?? []) : [];
  const backoff = new Backoff(retriers, state.Type, scope.random);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return state.Type === 'Map'
        ? await runMap(name, state, parameters as MapParameters, scope)
        : await attemptTask(name, state as TaskState, parameters, attempt, scope);
    } catch (thrown) {
      stop.signal.throwIfAborted();
      const delayMs = backoff.next(thrown as StateError);
      if (delayMs === undefined) throw thrown;
      const { name: error, message: cause } = thrown as StateError;
      record({ type: `${state.Type}Retried`, state: name, attempt: attempt + 1, error, cause });
      await clock.sleep(delayMs, stop.signal);
    }
  }
}

/** One attempt. It settles only when the service has ended the work, also after a time-out or an abort. */
async function attemptTask(
  name: string,
  state: TaskState,
  parameters: unknown,
  attempt: number,
  { stop, clock, record, services }: Scope,
): Promise<unknown> {
  const limit = new AbortController();
  let cancelTimer = () => {};
  const started = () => {
    record({ type: 'TaskStarted', state: name, attempt });
    const { TimeoutSeconds } = state;
    if (TimeoutSeconds === undefined) return;
    cancelTimer = clock.after(TimeoutSeconds * 1000, () => limit.abort(timedOut(name, TimeoutSeconds)));
  };
  const signal = AbortSignal.any([stop.signal, limit.signal]);
  record({ type: 'TaskScheduled', state: name, attempt });
  try {
    requirePayloadFits(parameters, `input of ${name} after Parameters`);
    const result = await callService(state, parameters, services, signal, started);
    signal.throwIfAborted();
    requirePayloadFits(result, `result of ${name}`);
    record({ type: 'TaskSucceeded', state: name, attempt });
    return result;
  } catch (thrown) {
    const { name: error, message: cause } = (signal.aborted ? signal.reason : thrown) as Error;
    const type = stop.signal.aborted ? 'TaskAborted' : limit.signal.aborted ? 'TaskTimedOut' : 'TaskFailed';
    record({ type, state: name, attempt, error, cause });
    throw signal.aborted ? signal.reason : thrown;
  } finally {
    cancelTimer();
  }
}

function timedOut(name: string, seconds: number): StateError {
  return new StateError(TIMEOUT, `${name} ran longer than its ${seconds} s.`);
}
