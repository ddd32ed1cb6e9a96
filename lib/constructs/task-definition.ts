import { Duration, Size } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { diskFor, sizeFor } from '#core/sizes';
import type { Device, Placement } from '#core/workload';
import type { Stage } from '../settings.ts';
import type { TaskAccess } from './endpoint-access.ts';
import { accept } from './grant.ts';
import { runEnvironment, TASK_SCRATCH } from './run-environment.ts';

export interface TaskProps {
  stage: Stage;
  step: string;
  device: Device;
  placement: Extract<Placement, { runs: 'container' }>;
  family: string;
  image: ecs.ContainerImage;
  taskRole: IRole;
  executionRole: IRole;
  logGroup: LogGroup;
  /** For a step that calls endpoints. */
  access?: TaskAccess;
}

export interface DefinedTask {
  definition: ecs.TaskDefinition;
  /** Of Fargate's disk; a machine of ours has one for all of its tasks. */
  diskGiB?: number;
}

/** The name by which the state machines address the one container of a task. */
export const CONTAINER = 'task';

// The user and the group that the images are made for (containers/Dockerfile).
const USER = '10001:10001';

/** One container, no sidecar: whatever ends with an error would end the step. It can write to its scratch volume alone. */
export function defineTask(scope: Construct, id: string, props: TaskProps): DefinedTask {
  const { device, stage, step } = props;
  const defined = device === 'gpu' ? onGpuMachine(scope, id, props) : onFargate(scope, id, props);
  const task = defined.definition;
  task.addVolume(device === 'gpu' ? { name: 'scratch', host: {} } : { name: 'scratch' });
  const container = task.addContainer(CONTAINER, {
    containerName: CONTAINER,
    image: props.image,
    essential: true,
    user: USER,
    readonlyRootFilesystem: true,
    linuxParameters: withoutCapabilities(scope, id),
    // The most that Fargate gives: a Spot notice comes two minutes before the end.
    stopTimeout: Duration.seconds(120),
    environment: { ...runEnvironment(scope, stage), STEPREEL_SCRATCH: TASK_SCRATCH, ...props.access?.environment },
    ...(props.access ? { secrets: props.access.secrets } : {}),
    logging: ecs.LogDrivers.awsLogs({
      logGroup: props.logGroup,
      streamPrefix: step,
      // A task must not wait for its log.
      mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(25),
    }),
    ...(device === 'gpu' ? machineShare(props.placement) : {}),
  });
  container.addMountPoints({ sourceVolume: 'scratch', containerPath: TASK_SCRATCH, readOnly: false });
  accept(
    task,
    'AwsSolutions-ECS2',
    'The variables are names of tables and buckets, and of endpoints; no secret stands among them.',
  );
  return defined;
}

function onFargate(scope: Construct, id: string, props: TaskProps): DefinedTask {
  const { vcpu, memoryMiB } = sizeFor(props.placement, props.step);
  const diskGiB = diskFor(props.placement.diskGiB, props.step);
  const definition = new ecs.FargateTaskDefinition(scope, id, {
    family: props.family,
    cpu: vcpu * 1024,
    memoryLimitMiB: memoryMiB,
    ephemeralStorageGiB: diskGiB,
    runtimePlatform: {
      cpuArchitecture: ecs.CpuArchitecture.X86_64,
      operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
    },
    taskRole: props.taskRole,
    executionRole: props.executionRole,
  });
  return { definition, diskGiB };
}

function onGpuMachine(scope: Construct, id: string, props: TaskProps): DefinedTask {
  const definition = new ecs.Ec2TaskDefinition(scope, id, {
    family: props.family,
    networkMode: ecs.NetworkMode.AWS_VPC,
    taskRole: props.taskRole,
    executionRole: props.executionRole,
  });
  return { definition };
}

/** On a machine of ours a task takes what it declares of it, and one GPU. */
function machineShare({ vcpu, memoryMiB }: TaskProps['placement']) {
  return { gpuCount: 1, cpu: vcpu * 1024, memoryLimitMiB: memoryMiB };
}

/** The init process hands signals on and ends what the program leaves behind. */
function withoutCapabilities(scope: Construct, id: string): ecs.LinuxParameters {
  const parameters = new ecs.LinuxParameters(scope, `${id}Linux`, { initProcessEnabled: true });
  parameters.dropCapabilities(ecs.Capability.ALL);
  return parameters;
}
