import type { OutsideSettings } from '#adapters/aws/outside-settings';

/** What a platform of the stage dev prepared for workloads that are registered later. */
export function outsideSettings(): OutsideSettings {
  const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
  return {
    ...{ prefix: 'stepreel-dev', region: 'us-east-1', stage: 'dev' },
    machines: arn('states', 'stateMachine:stepreel-dev-'),
    cluster: arn('ecs', 'cluster/stepreel-dev'),
    ...{ cpuCapacity: 'FARGATE_SPOT', gpuCapacity: 'stepreel-dev-gpu' },
    ...{ subnets: ['subnet-1', 'subnet-2', 'subnet-3'], securityGroup: 'sg-1' },
    functions: {
      ValidateInput: arn('lambda', 'function:stepreel-dev-outside-validate-input'),
      WriteReport: arn('lambda', 'function:stepreel-dev-outside-write-report'),
    },
    machineRole: 'arn:aws:iam::000000000000:role/machines',
    machineLogs: arn('logs', 'log-group:/stepreel/dev/executions/outside:*'),
    executionRole: 'arn:aws:iam::000000000000:role/execution',
    rolePath: '/stepreel/dev/',
    taskPolicy: 'arn:aws:iam::000000000000:policy/stepreel-dev-outside-tasks',
    ...{ taskLogs: '/stepreel/dev/tasks/', logDays: 30 },
    images: '000000000000.dkr.ecr.us-east-1.amazonaws.com/stepreel-dev-outside-',
    environment: { STEPREEL_STAGE: 'dev', STEPREEL_SCRATCH: '/scratch' },
  };
}
