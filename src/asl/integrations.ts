import { ECS_RUN_TASK_SYNC, LAMBDA_INVOKE, type TaskState } from './definition.ts';
import { requireOverridesFit, requirePayloadFits } from './limits.ts';
import { StateError, TASK_FAILED } from './state-error.ts';

/** What carries out Task states: functions and child processes at home. */
export interface TaskServices {
  /**
   * Runs a function and returns its answer. What it throws fails the state under the thrown error's name. It may return
   * before the work has ended only when `signal` aborted. `started` is called when it has its turn: the state's time limit
   * runs from there, because waiting for a free slot of this computer is nobody's fault.
   */
  invokeLambda(call: LambdaCall, signal: AbortSignal, started: () => void): Promise<unknown>;
  /** Runs a container until it has ended, its children too. `started` as for a function. */
  runTask(call: ContainerCall, signal: AbortSignal, started: () => void): Promise<ContainerEnd>;
}

export interface LambdaCall {
  functionName: string;
  payload: unknown;
}

export interface ContainerCall {
  taskDefinition: string;
  /** The environment that the overrides set, beside the task's own. */
  environment: Record<string, string>;
  /** What it is given at most, where the overrides say so. */
  memoryMiB?: number;
}

export interface ContainerEnd {
  /** Missing when the process was killed, as ECS leaves it out for a task that never ran. */
  exitCode?: number;
  reason?: string;
}

/** The Parameters of `ecs:runTask.sync`, in our dialect. */
interface RunTaskParameters {
  TaskDefinition: string;
  Overrides?: {
    Memory?: string;
    ContainerOverrides?: { Name: string; Memory?: number; Environment?: { Name: string; Value: string }[] }[];
  };
}

/** Carries out one attempt of a Task state; `parameters` are resolved. @throws StateError named as AWS names it. */
export async function callService(
  { Resource }: TaskState,
  parameters: unknown,
  services: TaskServices,
  signal: AbortSignal,
  started: () => void,
): Promise<unknown> {
  if (Resource === LAMBDA_INVOKE) {
    return await invoke(parameters as { FunctionName: string; Payload?: unknown }, services, signal, started);
  }
  if (Resource === ECS_RUN_TASK_SYNC) {
    return await runTask(parameters as RunTaskParameters, services, signal, started);
  }
  throw new StateError('States.Runtime', `${Resource} is not an integration that this runner knows.`, {
    terminal: true,
  });
}

async function invoke(
  { FunctionName, Payload }: { FunctionName: string; Payload?: unknown },
  services: TaskServices,
  signal: AbortSignal,
  started: () => void,
): Promise<unknown> {
  requirePayloadFits(Payload, `payload for ${FunctionName}`);
  try {
    const answer = await services.invokeLambda({ functionName: FunctionName, payload: Payload }, signal, started);
    return { ExecutedVersion: '$LATEST', Payload: answer ?? null, StatusCode: 200 };
  } catch (thrown) {
    const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
    throw new StateError(name, JSON.stringify({ errorType: name, errorMessage: message }));
  }
}

async function runTask(
  { TaskDefinition, Overrides = {} }: RunTaskParameters,
  services: TaskServices,
  signal: AbortSignal,
  started: () => void,
): Promise<unknown> {
  requireOverridesFit(Overrides);
  const overrides = Overrides.ContainerOverrides ?? [];
  const environment = Object.fromEntries(
    overrides.flatMap(({ Environment = [] }) => Environment.map(({ Name, Value }) => [Name, Value])),
  );
  const { exitCode, reason } = await services
    .runTask({ taskDefinition: TaskDefinition, environment, ...memoryOf(Overrides) }, signal, started)
    .catch((thrown: Error) => {
      // It could not even be started; the name says whether that may pass.
      throw new StateError(thrown.name, thrown.message);
    });
  const description = {
    Containers: [
      {
        Name: overrides[0]?.Name ?? TaskDefinition,
        ...(exitCode === undefined ? {} : { ExitCode: exitCode }),
        ...(reason === undefined ? {} : { Reason: reason }),
      },
    ],
    LastStatus: 'STOPPED',
    StopCode: 'EssentialContainerExited',
    StoppedReason: 'Essential container in task exited',
    TaskDefinitionArn: TaskDefinition,
  };
  if (exitCode !== 0) throw new StateError(TASK_FAILED, JSON.stringify(description));
  return description;
}

function memoryOf({ Memory, ContainerOverrides = [] }: NonNullable<RunTaskParameters['Overrides']>) {
  const asked = ContainerOverrides[0]?.Memory ?? Memory;
  return asked === undefined ? {} : { memoryMiB: Number(asked) };
}
