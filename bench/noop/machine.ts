import { LAMBDA_INVOKE, type Machine, type State } from '#asl/definition';
import { RETRY_LAMBDA } from '#core/retry-policy';

/** The state machine of the workload that does nothing. */
export function noopMachine(): Machine {
  return {
    StartAt: 'ValidateInput',
    TimeoutSeconds: 600,
    States: {
      ValidateInput: task('ValidateInput', { 'bytes.$': '$.Payload' }, 'WriteReport'),
      WriteReport: task('WriteReport', { 'outcome.$': '$.Payload.outcome' }, 'JobSucceeded'),
      JobSucceeded: { Type: 'Succeed' },
      JobRejected: { Type: 'Succeed' },
    },
  };
}

function task(name: string, ResultSelector: Record<string, string>, Next: string): State {
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
