import { z } from 'zod';
import type { Job } from '#core/job';
import { executionStatusEventSchema } from '#jobs/execution-event';
import { publishResult } from '#jobs/publish';
import { openRegistry, type WorkloadTable } from '#jobs/registry';
import { type SettlePorts, settleJob } from '#jobs/settle';
import { noteWaiting, taskChangeEventSchema } from '#jobs/waiting';
import { openAwsPlatform } from './aws-platform.ts';
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
  const platform = await openAwsPlatform();
  const registry = openRegistry(workloads);
  const publish = async (job: Job) => {
    const versions = { node: process.versions.node };
    await publishResult({ job, workload: await registry.get(job.workload), versions }, platform);
  };
  return settlementDoor({ ...platform, publish }, openOnce({ table, prefix: 'settlement' }));
}

export function settlementDoor(ports: SettlePorts, once: Once): QueueDoor<Settlement> {
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
        return { task: event.detail.taskArn, lastStatus: event.detail.lastStatus };
      }
      const { name, status } = event.detail;
      const job = await deliver(() => settleJob(event, ports), chaosFrom());
      return { execution: name, ended: status, ...(job ? { jobId: job.id, jobStatus: job.status } : {}) };
    },
    once,
  };
}
