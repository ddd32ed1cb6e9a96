import type { Job } from '#core/job';
import { accountOf } from '#jobs/charge-job';
import { openPlanner } from '#jobs/plan';
import { publishResult } from '#jobs/publish';
import { openQueueRoom } from '#jobs/queue-room';
import type { ReplayPorts } from '#jobs/redrive';
import { RequestRefused } from '#jobs/refusal';
import { openRegistry, type WorkloadTable, workloadOf } from '#jobs/registry';
import type { SubmitPorts } from '#jobs/submit';
import type { SweepPorts } from '#jobs/sweep';
import { type AwsPlatform, openAwsPlatform } from './aws-platform.ts';
import { registeredIn } from './outside/registered.ts';
import { openRegistration, type Registration } from './outside/registration.ts';

export type AwsLife = AwsPlatform & SubmitPorts & SweepPorts & ReplayPorts & { registration: Registration };

/** What the life of jobs of these workloads is made of on AWS: every door that submits, starts or ends jobs has all of it. */
export async function openAwsLife(
  workloads: WorkloadTable,
  platform: () => Promise<AwsPlatform> = openAwsPlatform,
): Promise<AwsLife> {
  const opened = await platform();
  const { workloadStore: store, prepareWorkload: prepare = refuseHere } = opened;
  const registry = openRegistry(workloads, registeredIn(store));
  const publish = async (job: Job) => {
    const versions = { node: process.versions.node };
    await publishResult({ job, workload: await workloadOf(job, registry), versions, onAws: true }, opened);
  };
  return {
    ...opened,
    registry,
    registration: openRegistration({ store, taken: Object.keys(workloads), prepare }),
    plan: openPlanner({ ...opened, registry }),
    hasRoom: openQueueRoom(opened),
    account: (job) => accountOf(job, { ...opened, registry }),
    publish,
  };
}

/** Of the platform's functions one alone may make what a workload runs on. */
async function refuseHere(): Promise<never> {
  throw new RequestRefused('NotOffered', 'This function registers no workloads.', 'Ask POST /workloads of the API.');
}
