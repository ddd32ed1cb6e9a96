import type { ExecutionEnd } from '#core/job';
import type { ExecutionRequest } from '#core/ports';

/**
 * What EventBridge says when an execution's status changes, as far as it is read. Source:
 * docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export interface ExecutionStatusEvent {
  source: 'aws.states';
  'detail-type': 'Step Functions Execution Status Change';
  time: string;
  detail: {
    executionArn: string;
    stateMachineArn: string;
    name: string;
    status: ExecutionEnd['status'] | 'RUNNING';
    /** JSON. */
    input: string;
    /** JSON; null unless the execution succeeded. */
    output: string | null;
    error?: string;
    cause?: string;
  };
}

/** The event for an execution that ended on this machine. */
export function executionStatusEvent(request: ExecutionRequest, end: ExecutionEnd, time: Date): ExecutionStatusEvent {
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    time: time.toISOString(),
    detail: {
      executionArn: request.name,
      stateMachineArn: request.workload,
      name: request.name,
      status: end.status,
      input: JSON.stringify(request.input),
      output: end.status === 'SUCCEEDED' ? JSON.stringify(end.output) : null,
      ...(end.error === undefined ? {} : { error: end.error }),
      ...(end.cause === undefined ? {} : { cause: end.cause }),
    },
  };
}
