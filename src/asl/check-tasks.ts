import { canonicalJson } from '#core/names';
import { RETRY_CONTAINER, RETRY_LAMBDA } from '#core/retry-policy';
import type { Workload } from '#core/workload';
import { ECS_RUN_TASK_SYNC, LAMBDA_INVOKE, type PlacedState, type TaskState } from './definition.ts';
import { type StepState, stepOfState } from './steps-of.ts';

/** What in a Task state does not fit the step that it is named after. */
export function taskProblems({ name, state, within }: PlacedState, workload: Workload): string[] {
  if (state.Type !== 'Task') return [];
  const found = stepOfState(name, workload);
  if (!found) return [`${name} is a Task state, and ${workload.name} has no such step.`];
  const runs = found.placement.runs;
  const expected = runs === 'lambda' ? LAMBDA_INVOKE : ECS_RUN_TASK_SYNC;
  if (state.Resource !== expected) {
    return [`${name} calls ${state.Resource}; the workload runs it as a ${runs}, so ${expected}.`];
  }
  return [
    ...retryProblems(name, state, runs),
    ...timeProblems(name, state, found),
    ...(runs === 'lambda' ? lambdaProblems(name, state) : containerProblems(name, state, found, within !== undefined)),
  ];
}

function retryProblems(name: string, { Retry = [] }: TaskState, runs: 'lambda' | 'container'): string[] {
  const [policy, constant] = runs === 'lambda' ? [RETRY_LAMBDA, 'RETRY_LAMBDA'] : [RETRY_CONTAINER, 'RETRY_CONTAINER'];
  return canonicalJson(Retry) === canonicalJson(policy)
    ? []
    : [`${name} has another Retry than ${constant} in core/retry-policy.`];
}

/** TimeoutSeconds = start budget + run budget, and a Lambda starts at once. */
function timeProblems(name: string, { TimeoutSeconds }: TaskState, { placement }: StepState): string[] {
  if (!TimeoutSeconds) return [`${name} states no TimeoutSeconds.`];
  if (placement.runs === 'lambda') {
    return TimeoutSeconds >= placement.timeoutSeconds
      ? []
      : [`${name} has ${TimeoutSeconds} s, less than the ${placement.timeoutSeconds} s of its function.`];
  }
  return TimeoutSeconds > placement.runSeconds
    ? []
    : [
        `${name} has ${TimeoutSeconds} s, which leaves no time to start beside its run budget of ${placement.runSeconds} s.`,
      ];
}

function lambdaProblems(name: string, { Parameters, ResultPath }: TaskState): string[] {
  const expected = {
    FunctionName: `\${${name}}`,
    Payload: { 'jobId.$': '$.jobId', 'execution.$': '$$.Execution.Name' },
  };
  return [
    ...(canonicalJson(Parameters) === canonicalJson(expected)
      ? []
      : [`${name} must have the Parameters ${JSON.stringify(expected)}.`]),
    ...(ResultPath === `$.${name}` ? [] : [`${name} must put its route at ResultPath $.${name}.`]),
  ];
}

interface RunTask {
  TaskDefinition?: string;
  Overrides?: Sized & {
    ContainerOverrides?: (Sized & { Environment?: { Name: string; Value?: string; 'Value.$'?: string }[] })[];
  };
}

interface Sized {
  'Cpu.$'?: string;
  'Memory.$'?: string;
}

function containerProblems(
  name: string,
  state: TaskState,
  { step, placement, device }: StepState,
  sharded: boolean,
): string[] {
  const { TaskDefinition, Overrides } = (state.Parameters ?? {}) as RunTask;
  const environment = Overrides?.ContainerOverrides?.[0]?.Environment ?? [];
  const found = Object.fromEntries(environment.map((entry) => [entry.Name, entry.Value ?? entry['Value.$']]));
  // A Map picks the device for its iterations; elsewhere the plan itself is in reach.
  const planned = `$.plan.${step}`;
  const expected = {
    STEPREEL_JOB_ID: '$.jobId',
    STEPREEL_STEP: step,
    STEPREEL_EXECUTION: '$$.Execution.Name',
    STEPREEL_DEVICE: device,
    // Where a GPU may be missing, the step must know that one was planned, to call its result degraded.
    ...('devices' in placement && placement.devices.includes('gpu')
      ? { STEPREEL_PLANNED_DEVICE: found.STEPREEL_PLANNED_DEVICE === planned && !sharded ? planned : '$.device' }
      : {}),
    ...(sharded ? { STEPREEL_SHARD: "States.Format('{}', $.shard)" } : {}),
  };
  return [
    ...(TaskDefinition === `\${${name}}` ? [] : [`${name} must have the TaskDefinition \${${name}}.`]),
    ...(canonicalJson(found) === canonicalJson(expected)
      ? []
      : [`${name} must set exactly the environment ${JSON.stringify(expected)}.`]),
    ...sizeProblems(name, step, device, Overrides),
    ...(state.ResultPath === null ? [] : [`${name} must discard the task's description: ResultPath null.`]),
  ];
}

/**
 * Every task is asked for the size that the job has. Fargate sizes the task, in texts; on a machine of ours a container has
 * its share, in numbers. Source: Amazon ECS API reference, TaskOverride and ContainerOverride.
 */
function sizeProblems(name: string, step: string, device: string, overrides: RunTask['Overrides'] = {}): string[] {
  const path = (field: string) => `$.size.${step}.${field}`;
  const [place, found, written] =
    device === 'gpu'
      ? ['ContainerOverrides', overrides.ContainerOverrides?.[0] ?? {}, path]
      : ['Overrides', overrides, (field: string) => `States.Format('{}', ${path(field)})`];
  const expected = { 'Cpu.$': written('Cpu'), 'Memory.$': written('Memory') };
  const { 'Cpu.$': cpu, 'Memory.$': memory } = found as Sized;
  return canonicalJson({ 'Cpu.$': cpu, 'Memory.$': memory }) === canonicalJson(expected)
    ? []
    : [`${name} must ask in ${place} for the job's size: ${JSON.stringify(expected)}.`];
}
