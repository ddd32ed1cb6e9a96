import { z } from 'zod';
import type { ExecutionEnd } from '#core/job';
import type { ExecutionRequest } from '#core/ports';

const SOURCE = 'aws.states';
const DETAIL_TYPE = 'Step Functions Execution Status Change';

// What has no value is null in some events and missing in others.
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

/**
 * What EventBridge says when an execution's status changes, as far as it is read. Source:
 * docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export const executionStatusEventSchema = z.object({
  source: z.literal(SOURCE),
  'detail-type': z.literal(DETAIL_TYPE),
  time: z.string(),
  detail: z.object({
    executionArn: z.string(),
    stateMachineArn: z.string(),
    name: z.string(),
    // PENDING_REDRIVE and what may come later say nothing about an end.
    status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']).catch('RUNNING'),
    /** JSON. */
    input: z.string(),
    /** JSON; only of an execution that succeeded. */
    output: optionalText,
    error: optionalText,
    cause: optionalText,
  }),
});

export type ExecutionStatusEvent = z.infer<typeof executionStatusEventSchema>;

/** The event for an execution that ended on this machine. */
export function executionStatusEvent(request: ExecutionRequest, end: ExecutionEnd, time: Date): ExecutionStatusEvent {
  return {
    source: SOURCE,
    'detail-type': DETAIL_TYPE,
    time: time.toISOString(),
    detail: {
      executionArn: request.name,
      stateMachineArn: request.workload,
      name: request.name,
      status: end.status,
      input: JSON.stringify(request.input),
      output: end.status === 'SUCCEEDED' ? JSON.stringify(end.output) : undefined,
      error: end.error,
      cause: end.cause,
    },
  };
}
