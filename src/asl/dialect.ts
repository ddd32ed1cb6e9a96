import {
  allStates,
  ECS_RUN_TASK_SYNC,
  LAMBDA_INVOKE,
  type Machine,
  type MapState,
  type PlacedState,
  type TaskState,
} from './definition.ts';
import { TASK_FAILED } from './state-error.ts';

const STATE_TYPES = ['Task', 'Map', 'Wait', 'Choice', 'Pass', 'Succeed', 'Fail'];

/** What in a machine our runner would not run as AWS does; each problem is a sentence. Empty means: it runs. */
export function dialectProblems(machine: Machine): string[] {
  return allStates(machine).flatMap(stateProblems);
}

function stateProblems({ name, state }: PlacedState): string[] {
  if (!STATE_TYPES.includes(state.Type)) {
    return [`${name} is a ${state.Type} state; this dialect has ${STATE_TYPES.join(', ')}.`];
  }
  return [
    ...(state.Type === 'Task' ? taskProblems(name, state) : []),
    ...(state.Type === 'Map' ? mapProblems(name, state) : []),
    ...(state.Type === 'Task' || state.Type === 'Map' ? catchProblems(name, state) : []),
    ...(state.Type === 'Wait' && state.Seconds === undefined && state.SecondsPath === undefined
      ? [`${name} waits until a time; this dialect waits for Seconds or SecondsPath.`]
      : []),
  ];
}

function taskProblems(name: string, { Resource }: TaskState): string[] {
  if ([LAMBDA_INVOKE, ECS_RUN_TASK_SYNC].includes(Resource)) return [];
  return [`${name} calls ${Resource}; this dialect has ${LAMBDA_INVOKE} and ${ECS_RUN_TASK_SYNC}.`];
}

function mapProblems(name: string, { ItemProcessor }: MapState): string[] {
  const mode = ItemProcessor?.ProcessorConfig?.Mode ?? 'INLINE';
  return mode === 'INLINE' ? [] : [`${name} is a Map of mode ${mode}; this dialect has inline Maps only.`];
}

/** The interpreter takes our time-outs for task failures, so a Catch names what it means. */
function catchProblems(name: string, { Catch = [] }: TaskState | MapState): string[] {
  if (!Catch.some(({ ErrorEquals }) => ErrorEquals.includes(TASK_FAILED))) return [];
  return [`${name} catches ${TASK_FAILED}; name the errors it is meant for, so that the others fail where they arose.`];
}
