/**
 * The one retry policy of all Task states. The names are exact and case sensitive, as Step Functions matches them:
 * `ECS.` not `Ecs.`; RunTask answers without a placed task surface as `ECS.AmazonECSException` or `AmazonECS.Unknown`.
 */
export const RETRY_LAMBDA = [
  {
    ErrorEquals: [
      'Lambda.ClientExecutionTimeoutException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
      'TransientError',
      'CapacityError',
    ],
    IntervalSeconds: 2,
    MaxAttempts: 6,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
] as const;

export const RETRY_CONTAINER = [
  {
    Comment: 'No machine is free: normal weather, waited for.',
    ErrorEquals: [
      'ECS.AmazonECSException',
      'AmazonECS.Unknown',
      'ECS.ServerException',
      'ECS.ThrottlingException',
      'CapacityError',
    ],
    IntervalSeconds: 15,
    MaxAttempts: 20,
    BackoffRate: 1.5,
    MaxDelaySeconds: 300,
    JitterStrategy: 'FULL',
  },
  {
    Comment: 'Throttling can wear the mask of a bad parameter, so a few tries; a real mistake then fails.',
    ErrorEquals: ['ECS.InvalidParameterException'],
    IntervalSeconds: 5,
    MaxAttempts: 3,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
  {
    Comment: 'The task ended without a verdict: killed, out of memory, a lost machine.',
    ErrorEquals: ['States.TaskFailed', 'TransientError'],
    IntervalSeconds: 5,
    MaxAttempts: 3,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
] as const;
