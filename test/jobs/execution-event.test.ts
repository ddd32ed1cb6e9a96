import { describe, expect, it } from 'vitest';
import { executionStatusEvent, executionStatusEventSchema } from '#jobs/execution-event';

const request = {
  jobId: 'toy-1',
  name: 'toy-1',
  workload: 'toy',
  input: { team: 'default', project: 'default', jobId: 'toy-1', plan: {} },
};

describe('the event of an ended execution', () => {
  it('of this machine is like one of EventBridge', () => {
    const event = executionStatusEvent(request, { status: 'FAILED', error: 'X' }, new Date(0));
    expect(executionStatusEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it('of EventBridge has null for what it does not have, or nothing', () => {
    const detail = { executionArn: 'a', stateMachineArn: 'm', name: 'toy-1', status: 'SUCCEEDED', input: '{}' };
    const event = { source: 'aws.states', 'detail-type': 'Step Functions Execution Status Change', time: 'now' };
    const parsed = executionStatusEventSchema.parse({ ...event, detail: { ...detail, output: null, error: null } });
    const { output, error, cause } = parsed.detail;
    expect([output, error, cause]).toEqual([undefined, undefined, undefined]);
  });

  it('of a status that ends nothing reads as RUNNING', () => {
    const event = executionStatusEvent(request, { status: 'FAILED' }, new Date(0));
    const pending = { ...event, detail: { ...event.detail, status: 'PENDING_REDRIVE' } };
    expect(executionStatusEventSchema.parse(pending).detail.status).toBe('RUNNING');
  });
});
