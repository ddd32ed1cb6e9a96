import type { UserData } from 'aws-cdk-lib/aws-ec2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { grant } from './grant.ts';

/** Where the machines' agent reports, with the machines' group as the only dimension. */
export const GPU_NAMESPACE = 'Stepreel/Machines';
export const GPU_USE = 'nvidia_smi_utilization_gpu';
export const DISK_USE = 'disk_used_percent';

// The group is given as it is: looking it up in the machine's tags would take one more permission and endpoint.
const agentFor = (group: string) => ({
  agent: { metrics_collection_interval: 60, omit_hostname: true },
  metrics: {
    namespace: GPU_NAMESPACE,
    aggregation_dimensions: [['Group']],
    metrics_collected: {
      nvidia_gpu: { measurement: ['utilization_gpu', 'memory_used'], append_dimensions: { Group: group } },
      disk: { measurement: ['used_percent'], resources: ['/'], append_dimensions: { Group: group } },
    },
  },
});

/** ECS says nothing of GPUs, so the machine itself reports how busy its GPU and how full its disk is. */
export function reportGpuUse({ role, userData, group }: { role: Role; userData: UserData; group: string }): void {
  const file = '/opt/aws/amazon-cloudwatch-agent/etc/stepreel.json';
  userData.addCommands(
    'dnf install -y amazon-cloudwatch-agent',
    `cat > ${file} <<'JSON'\n${JSON.stringify(agentFor(group))}\nJSON`,
    `/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:${file}`,
  );
  grant(role, {
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': GPU_NAMESPACE } },
    why: 'The action takes no resource; the condition holds it to one namespace.',
  });
}
