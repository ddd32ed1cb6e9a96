import type { Job } from '#core/job';
import { accountOf } from '#jobs/charge-job';
import { openPlanner } from '#jobs/plan';
import { publishResult } from '#jobs/publish';
import { openQueueRoom } from '#jobs/queue-room';
import type { ReplayPorts } from '#jobs/redrive';
import { openRegistry, type WorkloadTable, workloadOf } from '#jobs/registry';
import type { SubmitPorts } from '#jobs/submit';
import type { SweepPorts } from '#jobs/sweep';
import { type AwsPlatform, openAwsPlatform } from './aws-platform.ts';

export type AwsLife = AwsPlatform & SubmitPorts & SweepPorts & ReplayPorts;

/** What the life of jobs of these workloads is made of on AWS: every door that submits, starts or ends jobs has all of it. */
export async function openAwsLife(
  workloads: WorkloadTable,
  platform: () => Promise<AwsPlatform> = openAwsPlatform,
): Promise<AwsLife> {
  const opened = await platform();
  const registry = openRegistry(workloads);
  const publish = async (job: Job) => {
    const versions = { node: process.versions.node };
    await publishResult({ job, workload: await workloadOf(job, registry), versions, onAws: true }, opened);
  };
  return {
    ...opened,
    registry,
    plan: openPlanner({ ...opened, registry }),
    hasRoom: openQueueRoom(opened),
    account: (job) => accountOf(job, { ...opened, registry }),
    publish,
  };
}
