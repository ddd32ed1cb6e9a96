import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { WORKLOAD_REF } from '#core/container-contract';
import { diskFor, sizeFor } from '#core/sizes';
import type { Device, Placement } from '#core/workload';
import type { OutsideSettings } from './outside-settings.ts';

export interface OutsideTask {
  family: string;
  step: string;
  device: Device;
  placement: Extract<Placement, { runs: 'container' }>;
  image: string;
  taskRole: string;
  workload: string;
  version: string;
}

/**
 * The task definition of a step from outside: the very one that a step of ours gets from `lib/constructs/task-definition.ts`,
 * but for image and role. A test compares the two.
 */
export function outsideTask(task: OutsideTask, settings: OutsideSettings): RegisterTaskDefinitionCommandInput {
  const { family, step, device, placement, image, taskRole, workload, version } = task;
  const { executionRole, taskLogs, region, stage } = settings;
  const onGpu = device === 'gpu';
  const environment = {
    ...settings.environment,
    // Fargate says it itself.
    ...(onGpu ? { AWS_REGION: region } : {}),
    [WORKLOAD_REF]: `${workload}@${version}`,
  };
  return {
    family,
    taskRoleArn: taskRole,
    executionRoleArn: executionRole,
    networkMode: 'awsvpc',
    ...(onGpu ? { requiresCompatibilities: ['EC2'] } : onFargate(placement, step)),
    volumes: [onGpu ? { name: 'scratch', host: {} } : { name: 'scratch' }],
    containerDefinitions: [
      {
        name: 'task',
        image,
        essential: true,
        user: '10001:10001',
        readonlyRootFilesystem: true,
        linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
        stopTimeout: 120,
        environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `${taskLogs}${workload}`,
            'awslogs-region': region,
            'awslogs-stream-prefix': step,
            mode: 'non-blocking',
            'max-buffer-size': `${25 * 2 ** 20}b`,
          },
        },
        mountPoints: [{ sourceVolume: 'scratch', containerPath: '/scratch', readOnly: false }],
        ...(onGpu ? machineShare(placement) : {}),
      },
    ],
    tags: tagsOf(workload, stage),
  };
}

/** By which costs are told apart: tasks get them from their definition. */
export function tagsOf(workload: string, stage: string) {
  return Object.entries({ project: 'stepreel', environment: stage, workload }).map(([key, value]) => ({ key, value }));
}

function onFargate(placement: OutsideTask['placement'], step: string) {
  const { vcpu, memoryMiB } = sizeFor(placement, step);
  return {
    requiresCompatibilities: ['FARGATE' as const],
    cpu: `${vcpu * 1024}`,
    memory: `${memoryMiB}`,
    ephemeralStorage: { sizeInGiB: diskFor(placement.diskGiB, step) },
    runtimePlatform: { cpuArchitecture: 'X86_64' as const, operatingSystemFamily: 'LINUX' as const },
  };
}

function machineShare({ vcpu, memoryMiB }: OutsideTask['placement']) {
  return {
    cpu: Math.ceil(vcpu * 1024),
    memory: memoryMiB,
    resourceRequirements: [{ type: 'GPU' as const, value: '1' }],
  };
}
