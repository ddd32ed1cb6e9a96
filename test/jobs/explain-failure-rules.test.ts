import { describe, expect, it } from 'vitest';
import { FAILURE_KINDS } from '#core/failure';
import { FAILURE_RULES } from '#jobs/explain-failure-rules';
import { explain, type Failure, lambdaFailed, OOM, task, taskFailed } from '../helpers/failures.ts';

describe('a failure as AWS writes it is', () => {
  it.each<{ kind: string; what: string; failure: Failure }>([
    { kind: 'memory', what: 'a container over its limit', failure: taskFailed(task({ ExitCode: 137, Reason: OOM })) },
    {
      kind: 'memory',
      what: 'one that ECS says so of with exit code 0 (pitfall 13)',
      failure: taskFailed(task({ ExitCode: 0, Reason: OOM })),
    },
    {
      kind: 'memory',
      what: 'one that ECS says so of with exit code 1 (pitfall 13)',
      failure: taskFailed(task({ ExitCode: 1, Reason: OOM })),
    },
    { kind: 'memory', what: 'an unexplained 137', failure: taskFailed(task({ ExitCode: 137 })) },
    {
      kind: 'memory',
      what: 'a function over its limit',
      failure: lambdaFailed('Runtime.ExitError', 'RequestId: 1 Error: Runtime exited with error: signal: killed'),
    },
    {
      kind: 'memory',
      what: 'a function whose runtime noticed',
      failure: lambdaFailed('Runtime.OutOfMemory', 'RequestId: 1 Error: Runtime exited with error: signal: killed'),
    },
    {
      kind: 'interrupted',
      what: 'a Spot interruption, also when it ended by SIGKILL (pitfall 43)',
      failure: taskFailed(
        task({ ExitCode: 137 }, { StopCode: 'SpotInterruption', StoppedReason: 'Your Spot Task was interrupted.' }),
      ),
    },
    {
      kind: 'interrupted',
      what: 'a machine that went away',
      failure: taskFailed(
        task({}, { StopCode: 'TerminationNotice', StoppedReason: 'Host EC2 (instance i-1) terminated.' }),
      ),
    },
    { kind: 'interrupted', what: 'an answer to SIGTERM', failure: taskFailed(task({ ExitCode: 143 })) },
    { kind: 'time', what: 'a state that ran too long', failure: { name: 'States.Timeout', message: 'States.Timeout' } },
    {
      kind: 'time',
      what: 'a function that ran too long',
      failure: lambdaFailed('Sandbox.Timedout', 'RequestId: 1 Error: Task timed out after 60.00 seconds'),
    },
    {
      kind: 'capacity',
      what: 'a state whose time passed before any attempt (pitfall 6)',
      failure: { name: 'States.Timeout', message: 'States.Timeout', attempts: [] },
    },
    {
      kind: 'capacity',
      what: 'a RunTask answer without a task (pitfall 2)',
      failure: { name: 'ECS.AmazonECSException', message: 'RESOURCE:GPU (Service: AmazonECS)' },
    },
    {
      kind: 'capacity',
      what: 'Fargate without room (pitfall 3)',
      failure: {
        name: 'AmazonECS.Unknown',
        message: 'Capacity is unavailable at this time. Please try again later or in a different availability zone',
      },
    },
    {
      kind: 'capacity',
      what: 'throttled functions',
      failure: { name: 'Lambda.TooManyRequestsException', message: 'Rate Exceeded.' },
    },
    {
      kind: 'quota',
      what: "the account's limit of Fargate",
      failure: {
        name: 'ECS.AmazonECSException',
        message: "You've reached the limit on the number of vCPUs you can run concurrently",
      },
    },
    {
      kind: 'disk',
      what: 'an image that found no room',
      failure: taskFailed(task({ Reason: 'CannotPullContainerError: write /var: no space left on device' })),
    },
    {
      kind: 'platform',
      what: 'an image that can not be fetched: no exit code (pitfall 14)',
      failure: taskFailed(
        task(
          { Reason: 'CannotPullContainerError' },
          { StopCode: 'TaskFailedToStart', StoppedReason: 'CannotPullContainerError: not found' },
        ),
      ),
    },
    {
      kind: 'platform',
      what: 'a role that may not',
      failure: { name: 'ECS.AmazonECSException', message: 'User is not authorized to perform ecs:RunTask' },
    },
    {
      kind: 'platform',
      what: 'a wrong task definition',
      failure: { name: 'ECS.InvalidParameterException', message: 'TaskDefinition is inactive' },
    },
    {
      kind: 'platform',
      what: 'Lambda itself',
      failure: { name: 'Lambda.ServiceException', message: 'Internal error' },
    },
    {
      kind: 'platform',
      what: 'the state machine itself',
      failure: { name: 'States.DataLimitExceeded', message: 'too large' },
    },
    { kind: 'code', what: 'a program that gave up', failure: taskFailed(task({ ExitCode: 1 })) },
    { kind: 'code', what: 'an exception in a function', failure: lambdaFailed('TypeError', 'x is undefined') },
    {
      kind: 'code',
      what: 'a function that ended its process',
      failure: lambdaFailed('Runtime.ExitError', 'Runtime exited with error: exit status 129'),
    },
  ])('$kind: $what', ({ kind, failure }) => {
    const explained = explain(failure);
    expect(explained.kind).toBe(kind);
    expect(explained.evidence).not.toEqual([]);
  });
});

describe('a failure as we write it is', () => {
  it.each<{ kind: string; failure: Failure; retryHelps: boolean; actor: string; next: string }>([
    {
      kind: 'input',
      failure: { name: 'InputError' },
      retryHelps: false,
      actor: 'submitter',
      next: 'stepreel clone toy-1 --param NAME=VALUE',
    },
    {
      kind: 'input',
      failure: { name: 'MediaError' },
      retryHelps: false,
      actor: 'submitter',
      next: 'stepreel submit toy --input FILE',
    },
    {
      kind: 'capacity',
      failure: { name: 'CapacityError' },
      retryHelps: true,
      actor: 'nobody, it passes',
      next: 'stepreel redrive toy-1',
    },
    {
      kind: 'interrupted',
      failure: { name: 'TransientError', message: 'The task was told to stop (SIGTERM).' },
      retryHelps: true,
      actor: 'nobody, it passes',
      next: 'stepreel redrive toy-1',
    },
    {
      kind: 'interrupted',
      failure: taskFailed(task({ Reason: 'killed by SIGKILL' })),
      retryHelps: true,
      actor: 'nobody, it passes',
      next: 'stepreel redrive toy-1',
    },
    {
      kind: 'memory',
      failure: taskFailed(task({ Reason: 'killed by SIGKILL, and Linux counted 1 out-of-memory kill meanwhile' })),
      retryHelps: false,
      actor: 'submitter',
      next: 'stepreel redrive toy-1 --size next',
    },
    {
      kind: 'time',
      failure: { name: 'TransientError', message: 'SplitWords used up its run budget of 60 s.' },
      retryHelps: false,
      actor: 'operator',
      next: 'stepreel logs toy-1 --step SplitWords',
    },
    {
      kind: 'disk',
      failure: { name: 'ResourceError', message: 'The disk has 1 GiB free.' },
      retryHelps: false,
      actor: 'operator',
      next: 'stepreel clone toy-1',
    },
    {
      kind: 'model',
      failure: { name: 'ModelError' },
      retryHelps: false,
      actor: 'model owner',
      next: 'stepreel clone toy-1 --param model=NAME@VERSION',
    },
    {
      kind: 'code',
      failure: { name: 'ContractError' },
      retryHelps: false,
      actor: 'operator',
      next: 'stepreel logs toy-1 --step SplitWords',
    },
    {
      kind: 'code',
      failure: taskFailed(task({ Reason: 'killed by SIGSEGV' })),
      retryHelps: false,
      actor: 'operator',
      next: 'stepreel logs toy-1 --step SplitWords',
    },
    { kind: 'platform', failure: { name: 'ToolError' }, retryHelps: false, actor: 'operator', next: 'stepreel doctor' },
    {
      kind: 'platform',
      failure: { name: 'TransientError', message: 'The connection was closed.' },
      retryHelps: true,
      actor: 'operator',
      next: 'stepreel redrive toy-1',
    },
  ])('$kind: $failure.name, and $actor acts by `$next`', ({ failure, ...expected }) => {
    expect(explain(failure)).toMatchObject(expected);
  });
});

it('every kind of the closed list is explained by something', () => {
  expect(new Set(FAILURE_RULES.map(({ kind }) => kind))).toEqual(new Set(FAILURE_KINDS));
});
