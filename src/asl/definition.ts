/** The Amazon States Language (JSONPath) as far as our state machines use it: statemachines/README.md is the dialect. */
export interface Machine {
  Comment?: string;
  StartAt: string;
  TimeoutSeconds?: number;
  States: Record<string, State>;
}

export type State = TaskState | MapState | WaitState | PlainState;

interface StateBase {
  Comment?: string;
  InputPath?: string | null;
  OutputPath?: string | null;
  Next?: string;
  End?: boolean;
}

interface WorkingState extends StateBase {
  ResultSelector?: Record<string, unknown>;
  ResultPath?: string | null;
  Retry?: readonly Retrier[];
  Catch?: readonly Catcher[];
}

export interface TaskState extends WorkingState {
  Type: 'Task';
  Resource: string;
  Parameters?: Record<string, unknown>;
  TimeoutSeconds?: number;
}

export interface MapState extends WorkingState {
  Type: 'Map';
  ItemsPath?: string;
  ItemSelector?: Record<string, unknown>;
  MaxConcurrency?: number;
  ItemProcessor: Pick<Machine, 'StartAt' | 'States'> & { ProcessorConfig?: { Mode?: string } };
}

export interface WaitState extends StateBase {
  Type: 'Wait';
  Seconds?: number;
  SecondsPath?: string;
}

/** States that only look at data; the interpreter runs them as they are. */
export interface PlainState extends StateBase {
  Type: 'Choice' | 'Pass' | 'Succeed' | 'Fail';
  Parameters?: Record<string, unknown>;
  ResultPath?: string | null;
  Choices?: Record<string, unknown>[];
  Default?: string;
}

export interface Retrier {
  Comment?: string;
  ErrorEquals: readonly string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: string;
}

export interface Catcher {
  ErrorEquals: readonly string[];
  ResultPath?: string | null;
  Next: string;
}

export const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';
export const ECS_RUN_TASK_SYNC = 'arn:aws:states:::ecs:runTask.sync';

/** A state and where it stands: `within` is the Map around it, if any. */
export interface PlacedState {
  name: string;
  state: State;
  within?: string;
}

/** Every state of a machine, those inside Maps included, in the order of the file. */
export function allStates({ States }: Pick<Machine, 'States'>, within?: string): PlacedState[] {
  return Object.entries(States).flatMap(([name, state]) => [
    { name, state, ...(within === undefined ? {} : { within }) },
    ...(state.Type === 'Map' ? allStates(state.ItemProcessor, name) : []),
  ]);
}
