import { REFUSALS } from '#core/errors';
import { RETRY_CONTAINER, RETRY_LAMBDA } from '#core/retry-policy';
import type { Device, Placed, Workload } from '#core/workload';
import { ECS_RUN_TASK_SYNC, LAMBDA_INVOKE, type Machine, type State, type TaskState } from './definition.ts';
import { runsAsTwins } from './steps-of.ts';

// 30 minutes to find a machine; one with a GPU may take that long to come up, and then waits its turn.
const START_SECONDS = { cpu: 1_800, gpu: 2_700 };
const LAMBDA_SECONDS = 120;
const DAY_SECONDS = 86_400;

type ContainerPlaced = Extract<Placed, { runs: 'container' }>;

/** The machine of a workload that has none of its own: its steps, one after the other, each asked for by its plan. */
export function standardMachine(workload: Workload): Machine {
  const names = Object.keys(workload.steps);
  const states = names.flatMap((name, index) => {
    const next = names[index + 1];
    return statesOf(name, workload.steps[name]!, next === undefined ? 'JobSucceeded' : entryOf(next, workload));
  });
  return {
    Comment: `${workload.title}: ${names.join(', ')}.`,
    StartAt: entryOf(names[0]!, workload),
    TimeoutSeconds: DAY_SECONDS,
    States: {
      ...Object.fromEntries(states),
      JobSucceeded: { Type: 'Succeed' },
      JobRejected: {
        Comment: "The submitted file is at fault: the job's record says why, nothing is retried.",
        Type: 'Succeed',
      },
    },
  };
}

/** The state that one comes to a step by. */
function entryOf(name: string, { steps }: Workload): string {
  return steps[name]!.runs === 'container' ? `Plan${name}` : name;
}

function statesOf(name: string, placed: Placed, next: string): [string, State][] {
  if (placed.runs === 'lambda') return [[name, lambdaState(name, next)]];
  const { devices } = placed;
  const device: Device = devices.includes('gpu') ? 'gpu' : 'cpu';
  const twin = runsAsTwins(placed) ? `${name}OnCpu` : undefined;
  const choices = [
    { Variable: `$.plan.${name}`, StringEquals: 'reuse', Next: next },
    ...(twin ? [{ Variable: `$.plan.${name}`, StringEquals: 'cpu', Next: twin }] : []),
  ];
  return [
    [`Plan${name}`, { Type: 'Choice', Choices: choices, Default: name }],
    [name, taskState(name, name, device, placed, next, twin)],
    ...(twin ? [[twin, taskState(twin, name, 'cpu', placed, next)] as [string, State]] : []),
  ];
}

function lambdaState(name: string, next: string): TaskState {
  const route = name === 'WriteReport' ? ['outcome', 'degraded'] : ['files'];
  return {
    Type: 'Task',
    Resource: LAMBDA_INVOKE,
    Parameters: {
      FunctionName: `\${${name}}`,
      Payload: { 'jobId.$': '$.jobId', 'execution.$': '$$.Execution.Name' },
    },
    ResultSelector: Object.fromEntries(route.map((field) => [`${field}.$`, `$.Payload.${field}`])),
    ResultPath: `$.${name}`,
    TimeoutSeconds: LAMBDA_SECONDS,
    Retry: RETRY_LAMBDA,
    Catch: [{ ErrorEquals: REFUSALS, ResultPath: '$.rejected', Next: 'JobRejected' }],
    Next: next,
  };
}

function taskState(
  name: string,
  step: string,
  device: Device,
  placed: ContainerPlaced,
  next: string,
  twin?: string,
): TaskState {
  return {
    Type: 'Task',
    Resource: ECS_RUN_TASK_SYNC,
    Parameters: taskParameters(name, step, device, environmentOf(step, device, placed)),
    ResultPath: null,
    TimeoutSeconds: START_SECONDS[device] + placed.runSeconds,
    Retry: RETRY_CONTAINER,
    ...(twin
      ? {
          Catch: [
            {
              ErrorEquals: ['ECS.AmazonECSException', 'AmazonECS.Unknown', 'CapacityError', 'States.Timeout'],
              ResultPath: null,
              Next: twin,
            },
          ],
        }
      : {}),
    Next: next,
  };
}

function environmentOf(step: string, device: Device, { devices }: ContainerPlaced): unknown[] {
  return [
    { Name: 'STEPREEL_JOB_ID', 'Value.$': '$.jobId' },
    { Name: 'STEPREEL_STEP', Value: step },
    { Name: 'STEPREEL_EXECUTION', 'Value.$': '$$.Execution.Name' },
    { Name: 'STEPREEL_DEVICE', Value: device },
    ...(devices.includes('gpu') ? [{ Name: 'STEPREEL_PLANNED_DEVICE', 'Value.$': `$.plan.${step}` }] : []),
  ];
}

/** What `ecs:runTask.sync` is asked for in the state `name` of a step: where it runs, how big, for whom. */
export function taskParameters(
  name: string,
  step: string,
  device: Device,
  Environment: unknown,
): Record<string, unknown> {
  const size = (field: string) => `$.size.${step}.${field}`;
  const asText = (field: string) => `States.Format('{}', ${size(field)})`;
  const onGpu = device === 'gpu';
  return {
    Cluster: `\${Cluster}`,
    TaskDefinition: `\${${name}}`,
    CapacityProviderStrategy: [{ CapacityProvider: onGpu ? `\${GpuCapacity}` : `\${CpuCapacity}`, Weight: 1 }],
    NetworkConfiguration: {
      AwsvpcConfiguration: {
        Subnets: [1, 2, 3].map((zone) => `\${Subnet${zone}}`),
        SecurityGroups: [`\${SecurityGroup}`],
      },
    },
    PropagateTags: 'TASK_DEFINITION',
    Tags: [
      { Key: 'job', 'Value.$': '$.jobId' },
      { Key: 'job-team', 'Value.$': '$.team' },
      { Key: 'job-project', 'Value.$': '$.project' },
    ],
    Overrides: {
      ...(onGpu ? {} : { 'Cpu.$': asText('Cpu'), 'Memory.$': asText('Memory') }),
      ContainerOverrides: [
        {
          Name: 'task',
          ...(onGpu ? { 'Cpu.$': size('Cpu'), 'Memory.$': size('Memory') } : {}),
          Environment,
        },
      ],
    },
  };
}
