import { AutoScalingGroup, GroupMetrics } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import type { Encryption } from './encryption.ts';
import { reportGpuUse } from './gpu-metrics.ts';
import { accept, grant } from './grant.ts';
import { type Names, namesOf } from './names.ts';
import type { Network } from './network.ts';

interface ClusterProps {
  stage: Stage;
  settings: Settings;
  encryption: Encryption;
  network: Network;
}

// Read when a machine starts, so the newest image is used and synthesis looks nothing up.
const GPU_IMAGE = '/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id';

/** Where container steps run: Fargate, Fargate Spot, and machines with GPUs that come from zero and go to zero. */
export class Cluster extends Construct {
  readonly cluster: ecs.Cluster;
  readonly gpuGroup: AutoScalingGroup;

  constructor(scope: Construct, id: string, { stage, settings, encryption, network }: ClusterProps) {
    super(scope, id);
    const names = namesOf(this, stage);
    this.cluster = new ecs.Cluster(this, 'Cluster', {
      clusterName: names.cluster,
      vpc: network.vpc,
      enableFargateCapacityProviders: true,
      containerInsightsV2: ecs.ContainerInsights.ENABLED,
    });
    this.gpuGroup = this.addGpuMachines(settings, encryption, network, names);
    this.cluster.addAsgCapacityProvider(
      new ecs.AsgCapacityProvider(this, 'GpuCapacity', {
        capacityProviderName: names.gpuCapacity,
        autoScalingGroup: this.gpuGroup,
        enableManagedScaling: true,
        enableManagedDraining: true,
        enableManagedTerminationProtection: true,
        // One at a time: the first scale-out otherwise brings a second machine that nobody asked for.
        minimumScalingStepSize: 1,
        maximumScalingStepSize: 1,
        targetCapacityPercent: 100,
      }),
    );
  }

  private addGpuMachines(settings: Settings, encryption: Encryption, network: Network, names: Names) {
    const { prefix } = names;
    const role = this.addMachineRole(names);
    const userData = ec2.UserData.forLinux();
    // A task's own role is all that it gets: the machine's is out of its reach.
    userData.addCommands('echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config');
    reportGpuUse({ role, userData, group: `${prefix}-gpu` });
    const template = new ec2.LaunchTemplate(this, 'GpuTemplate', {
      launchTemplateName: `${prefix}-gpu`,
      machineImage: ec2.MachineImage.resolveSsmParameterAtLaunch(GPU_IMAGE),
      instanceType: new ec2.InstanceType(settings.gpu.instanceType),
      securityGroup: network.taskSecurityGroup,
      // What the CDK would add to it is wider than what the agent needs.
      role: role.withoutPolicyUpdates(),
      userData,
      requireImdsv2: true,
      httpPutResponseHopLimit: 1,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: ec2.BlockDeviceVolume.ebs(settings.gpu.diskGiB, {
            encrypted: true,
            volumeType: ec2.EbsDeviceVolumeType.GP3,
            ...(encryption.dataKey ? { kmsKey: encryption.dataKey } : {}),
          }),
        },
      ],
    });
    const group = new AutoScalingGroup(this, 'GpuMachines', {
      autoScalingGroupName: `${prefix}-gpu`,
      vpc: network.vpc,
      vpcSubnets: { subnetGroupName: 'tasks' },
      launchTemplate: template,
      minCapacity: 0,
      maxCapacity: settings.gpu.mostInstances,
      groupMetrics: [GroupMetrics.all()],
      newInstancesProtectedFromScaleIn: true,
    });
    accept(group, 'AwsSolutions-AS3', 'Machines come and go with the jobs; what matters about them is alarmed.');
    return group;
  }

  /** What the ECS agent does. Images and logs are the affair of each task's execution role. */
  private addMachineRole(names: Names): Role {
    const role = new Role(this, 'GpuMachineRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    const cluster = names.arn('ecs', `cluster/${names.cluster}`);
    grant(
      role,
      {
        actions: ['ecs:DiscoverPollEndpoint'],
        resources: ['*'],
        why: 'The agent asks for its endpoint before it belongs to a cluster; AWS has no resource for it.',
      },
      {
        actions: [
          'ecs:RegisterContainerInstance',
          'ecs:DeregisterContainerInstance',
          'ecs:SubmitContainerStateChange',
          'ecs:SubmitTaskStateChange',
          'ecs:SubmitAttachmentStateChanges',
        ],
        resources: [cluster],
        why: 'The machine joins this cluster and tells of its tasks.',
      },
      {
        actions: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
        resources: [names.arn('ecs', `container-instance/${names.cluster}/*`)],
        conditions: { ArnEquals: { 'ecs:cluster': cluster } },
        why: 'AWS names a machine when it joins; the cluster is ours.',
      },
    );
    return role;
  }
}
