import type { State } from './definition.ts';

// The interpreter's own time limit, which leaves work running, must never fire: this is Node's longest timer, almost
// 25 days. Our limits are kept in work.ts.
const NEVER_SECONDS = Math.floor((2 ** 31 - 1) / 1000);

/**
 * A state as the interpreter gets it. Map and Wait become Tasks, because the interpreter neither tells an iteration
 * which one it is nor ends its siblings, and can't be told how time passes. Retry is left out: back-offs are ours.
 */
export function asInterpreted([name, state]: [string, State]): [string, unknown] {
  if (state.Type === 'Task') {
    const { Retry: _retry, ...task } = state;
    return [name, { ...task, TimeoutSeconds: NEVER_SECONDS }];
  }
  if (state.Type === 'Map') {
    const { Retry: _retry, ItemsPath = '$', ItemSelector: _selector, ItemProcessor: _processor, ...map } = state;
    return [name, asTask(map, { 'items.$': ItemsPath, 'input.$': '$' })];
  }
  if (state.Type === 'Wait') {
    const { Seconds, SecondsPath, ...wait } = state;
    const parameters = SecondsPath === undefined ? { seconds: Seconds } : { 'seconds.$': SecondsPath };
    return [name, { ...asTask(wait, parameters), ResultPath: null }];
  }
  return [name, state];
}

function asTask(state: object, Parameters: unknown): object {
  return { ...state, Type: 'Task', Resource: 'local', Parameters, TimeoutSeconds: NEVER_SECONDS };
}

/** What the work of a rewritten Map is given. */
export interface MapParameters {
  items: unknown;
  input: unknown;
}

/** What the work of a rewritten Wait is given. */
export interface WaitParameters {
  seconds: number;
}
