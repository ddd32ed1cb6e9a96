import { z } from 'zod';
import { toErrorDocument } from '#core/errors';
import { A_FEW, type AdmitPorts, admitJobs } from '#jobs/admit';
import { executionStatusEventSchema } from '#jobs/execution-event';
import { tellStart, tellTask } from '#jobs/notify-steps';
import type { WorkloadTable } from '#jobs/registry';
import { type SettlePorts, settleJob } from '#jobs/settle';
import { noteWaiting, taskChangeEventSchema } from '#jobs/waiting';
import { openAwsLife } from './aws-life.ts';
import { deliver } from './chaos/faults.ts';
import { chaosFrom } from './chaos/switches.ts';
import { IDEMPOTENCY_TABLE, requireVariable } from './environment.ts';
import { type Once, openOnce } from './once.ts';
import { type QueueDoor, type QueueHandler, queueHandler } from './queue.ts';

const settlementSchema = z.discriminatedUnion('source', [executionStatusEventSchema, taskChangeEventSchema]);
type Settlement = z.infer<typeof settlementSchema>;

/** Records how executions ended, and why tasks wait, from the events that a queue brings. */
export function settlementHandler(workloads: WorkloadTable): QueueHandler {
  return queueHandler('settlement', () => openOnAws(workloads));
}

async function openOnAws(workloads: WorkloadTable): Promise<QueueDoor<Settlement>> {
  const table = requireVariable(process.env, IDEMPOTENCY_TABLE);
  return settlementDoor(await openAwsLife(workloads), openOnce({ table, prefix: 'settlement' }));
}

export function settlementDoor(ports: SettlePorts & AdmitPorts, once: Once): QueueDoor<Settlement> {
  return {
    parse: (message) => settlementSchema.parse(message),
    keyOf(event) {
      // Twice is harmless there, and there are many of them.
      if (event.source === 'aws.ecs') return undefined;
      const { executionArn, status } = event.detail;
      return `${executionArn} ${status} ${event.time}`;
    },
    async handle(event) {
      if (event.source === 'aws.ecs') {
        await noteWaiting(event, ports.jobs);
        if (ports.notices) await tellTask(event, ports.jobs, ports.notices);
        return { task: event.detail.taskArn, lastStatus: event.detail.lastStatus };
      }
      const { name, status } = event.detail;
      if (status === 'RUNNING' && ports.notices) await tellStart(event, ports.jobs, ports.notices);
      const job = await deliver(() => settleJob(event, ports), chaosFrom());
      const admitted = status === 'RUNNING' ? {} : await admitNext(ports);
      return {
        ...admitted,
        execution: name,
        ended: status,
        ...(job ? { jobId: job.id, jobStatus: job.status } : {}),
      };
    },
    once,
  };
}

/** Its places are free. What fails here is no reason to settle it again: the sweep tries the same within a minute. */
async function admitNext(ports: AdmitPorts): Promise<{ admitted?: string[]; notAdmitted?: string }> {
  try {
    const { started } = await admitJobs(ports, { most: A_FEW });
    return started.length > 0 ? { admitted: started } : {};
  } catch (thrown) {
    return { notAdmitted: toErrorDocument(thrown).message };
  }
}
