import { ECS_RUN_TASK_SYNC, LAMBDA_INVOKE, type Machine, type State } from '#asl/definition';
import { RETRY_CONTAINER, RETRY_LAMBDA } from '#core/retry-policy';

/** The toy workload's state machine, written out as a file by the tests that run it. */
export function toyMachine(): Machine {
  return {
    StartAt: 'CheckWords',
    TimeoutSeconds: 3600,
    States: {
      CheckWords: lambdaState('CheckWords', { 'words.$': '$.Payload.words' }, 'PlanSplitWords'),
      PlanSplitWords: {
        Type: 'Choice',
        Choices: [{ Variable: '$.plan.SplitWords', StringEquals: 'reuse', Next: 'PlanCounts' }],
        Default: 'SplitWords',
      },
      SplitWords: { ...containerState('SplitWords'), Next: 'PlanCounts' },
      PlanCounts: lambdaState('PlanCounts', { 'shards.$': '$.Payload.shards' }, 'PlanCountLetters'),
      PlanCountLetters: {
        Type: 'Choice',
        Choices: [{ Variable: '$.plan.CountLetters', StringEquals: 'reuse', Next: 'WriteReport' }],
        Default: 'CountShards',
      },
      CountShards: {
        Type: 'Map',
        ItemsPath: '$.PlanCounts.shards',
        ItemSelector: { 'jobId.$': '$.jobId', 'size.$': '$.size', 'shard.$': '$$.Map.Item.Value' },
        MaxConcurrency: 40,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'CountLetters',
          States: { CountLetters: { ...containerState('CountLetters', true), End: true } },
        },
        ResultPath: null,
        Next: 'WriteReport',
      },
      WriteReport: lambdaState('WriteReport', { 'outcome.$': '$.Payload.outcome' }, 'JobSucceeded'),
      JobSucceeded: { Type: 'Succeed' },
      JobRejected: { Type: 'Succeed' },
    },
  };
}

function lambdaState(name: string, ResultSelector: Record<string, string>, Next: string): State {
  return {
    Type: 'Task',
    Resource: LAMBDA_INVOKE,
    Parameters: {
      FunctionName: `\${${name}}`,
      Payload: { 'jobId.$': '$.jobId', 'execution.$': '$$.Execution.Name' },
    },
    ResultSelector,
    ResultPath: `$.${name}`,
    TimeoutSeconds: 30,
    Retry: RETRY_LAMBDA,
    Catch: [
      {
        ErrorEquals: ['InputError', 'InputNotFoundError', 'MediaError'],
        ResultPath: '$.rejected',
        Next: 'JobRejected',
      },
    ],
    Next,
  };
}

function containerState(name: string, sharded = false): State {
  const shard = { Name: 'STEPREEL_SHARD', 'Value.$': "States.Format('{}', $.shard)" };
  return {
    Type: 'Task',
    Resource: ECS_RUN_TASK_SYNC,
    Parameters: {
      Cluster: `\${Cluster}`,
      TaskDefinition: `\${${name}}`,
      CapacityProviderStrategy: [{ CapacityProvider: `\${CpuCapacity}`, Weight: 1 }],
      Overrides: {
        'Cpu.$': `States.Format('{}', $.size.${name}.Cpu)`,
        'Memory.$': `States.Format('{}', $.size.${name}.Memory)`,
        ContainerOverrides: [
          {
            Name: 'task',
            Environment: [
              { Name: 'STEPREEL_JOB_ID', 'Value.$': '$.jobId' },
              { Name: 'STEPREEL_STEP', Value: name },
              { Name: 'STEPREEL_EXECUTION', 'Value.$': '$$.Execution.Name' },
              { Name: 'STEPREEL_DEVICE', Value: 'cpu' },
              ...(sharded ? [shard] : []),
            ],
          },
        ],
      },
    },
    ResultPath: null,
    TimeoutSeconds: 660,
    Retry: RETRY_CONTAINER,
  };
}
