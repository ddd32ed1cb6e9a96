import { RemovalPolicy } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { containerStates } from '#asl/steps-of';
import type { EndpointList } from '#core/operator-list';
import type { Workload } from '#core/workload';
import type { Settings, Stage } from '../settings.ts';
import { type TaskAccess, taskAccess } from './endpoint-access.ts';
import { accept, grant } from './grant.ts';
import { digestOf, type ImageLock, repositoryOf } from './images.ts';
import { logRetention } from './log-retention.ts';
import { namesOf } from './names.ts';
import { workloadGrants } from './permissions.ts';
import { type DefinedTask, defineTask } from './task-definition.ts';

interface StepTasksProps {
  stage: Stage;
  settings: Settings;
  workload: Workload;
  images: ImageLock;
}

/** A task definition for each container state of a workload, under the state's name. They share roles and a log group. */
export class StepTasks extends Construct {
  readonly byState = new Map<string, DefinedTask>();
  readonly logGroup: LogGroup;
  readonly taskRole: Role;
  readonly executionRole: Role;

  constructor(scope: Construct, id: string, { stage, settings, workload, images }: StepTasksProps) {
    super(scope, id);
    const names = namesOf(this, stage);
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: names.logGroup(`tasks/${workload.name}`),
      retention: logRetention(settings),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.taskRole = this.addRole('TaskRole');
    grant(this.taskRole, ...workloadGrants(names, settings, workload.name));
    this.executionRole = this.addRole('ExecutionRole');
    const states = containerStates(workload.steps);
    const accesses = new Map<EndpointList, TaskAccess>();
    const accessTo = (list: EndpointList) => {
      const known = accesses.get(list);
      if (known) return known;
      const access = taskAccess(this, list, settings);
      grant(this.taskRole, ...access.grants);
      accesses.set(list, access);
      return access;
    };
    for (const { state, step, device, placement } of states) {
      const image = device === 'gpu' ? `${placement.image}-gpu` : placement.image;
      const repository = Repository.fromRepositoryName(this, `${state}Image`, repositoryOf(image, images, stage));
      const task = defineTask(this, state, {
        stage,
        step,
        device,
        placement,
        family: `${names.prefix}-${workload.name}-${state}`,
        image: ContainerImage.fromEcrRepository(repository, digestOf(image, images, this)),
        taskRole: this.taskRole,
        executionRole: this.executionRole,
        logGroup: this.logGroup,
        ...(placement.callsEndpoints ? { access: accessTo(placement.callsEndpoints) } : {}),
      });
      this.byState.set(state, task);
    }
    accept(
      this.executionRole,
      'AwsSolutions-IAM5[Resource::*]',
      'A registry token is for no repository in particular.',
    );
  }

  private addRole(id: string): Role {
    return new Role(this, id, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  }
}
