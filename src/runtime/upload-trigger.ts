import type { WorkloadTable } from '#jobs/registry';
import { acceptUpload, type UploadEvent, type UploadEventPorts, uploadEventSchema } from '#jobs/upload-event';
import { openAwsLife } from './aws-life.ts';
import { IDEMPOTENCY_TABLE, requireVariable } from './environment.ts';
import { type Once, openOnce } from './once.ts';
import { type QueueDoor, type QueueHandler, queueHandler } from './queue.ts';

/** Makes objects that arrive under `incoming/<workload>/` jobs, from the events that a queue brings. */
export function uploadTriggerHandler(workloads: WorkloadTable): QueueHandler {
  return queueHandler('upload-trigger', async () => {
    const ports = await openAwsLife(workloads);
    const table = requireVariable(process.env, IDEMPOTENCY_TABLE);
    return uploadDoor(ports, openOnce({ table, prefix: 'upload-trigger' }));
  });
}

export function uploadDoor(ports: UploadEventPorts, once: Once): QueueDoor<UploadEvent> {
  return {
    parse: (message) => uploadEventSchema.parse(message),
    keyOf({ detail: { bucket, object } }) {
      return `${bucket.name} ${object.key} ${object['version-id'] ?? object.etag ?? ''}`;
    },
    async handle(event) {
      const job = await acceptUpload(event, ports);
      const { key } = event.detail.object;
      return job ? { object: key, jobId: job.id, jobStatus: job.status } : { object: key, jobStatus: 'none' };
    },
    once,
  };
}
