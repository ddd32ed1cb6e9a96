import { Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { OUR_STEPS, sharedFunction } from '#core/workload-definition';
import type { Settings, Stage } from '../settings.ts';
import { BundledFunction } from './bundled-function.ts';
import type { Cluster } from './cluster.ts';
import type { Grant } from './grant.ts';
import { type Names, namesOf, OUTSIDE } from './names.ts';
import type { Network } from './network.ts';
import { OutsideRoles, outsideRoles } from './outside-roles.ts';
import { allWorkloadsGrants, noticeGrant, platformGrants } from './permissions.ts';
import type { Queues } from './queues.ts';
import { FUNCTION_SCRATCH, runEnvironment, TASK_SCRATCH } from './run-environment.ts';

interface OutsideProps {
  stage: Stage;
  settings: Settings;
  network: Network;
  cluster: Cluster;
  queues: Queues;
}

/**
 * What is prepared for workloads from other repositories, so that they can join without a deployment: the functions of our
 * steps, the roles that theirs run under, and the one function that may make machines and task definitions of them.
 */
export class Outside extends Construct {
  readonly registration: LambdaFunction;
  readonly byName: Record<string, LambdaFunction> = {};

  constructor(scope: Construct, id: string, props: OutsideProps) {
    super(scope, id);
    const { stage, settings } = props;
    const names = namesOf(this, stage);
    const grants = [...allWorkloadsGrants(names, settings), noticeGrant(names)];
    const functions = Object.fromEntries(
      OUR_STEPS.map((step) => [
        step,
        this.add(sharedFunction(step), {
          ...{ stage, settings, grants },
          door: 'lambdas/outside.ts',
          description: `The step ${step} of all registered workloads.`,
          memoryMiB: 512,
          timeoutSeconds: 60,
          environment: { ...runEnvironment(this, stage), STEPREEL_SCRATCH: FUNCTION_SCRATCH, STEPREEL_STEP: step },
        }),
      ]),
    );
    const roles = new OutsideRoles(this, 'Roles', { stage, settings, functions: Object.values(functions) });
    this.registration = this.add('registration', {
      ...{ stage, settings },
      // The same program as the API's, with other rights.
      door: 'lambdas/jobs-api.ts',
      description: 'Registers workloads from other repositories.',
      memoryMiB: 1_024,
      // API Gateway hangs up after 29 seconds.
      timeoutSeconds: 28,
      grants: registrationGrants(this, names, settings, roles),
      environment: {
        ...runEnvironment(this, stage),
        STEPREEL_SCRATCH: FUNCTION_SCRATCH,
        STEPREEL_DEAD_LETTERS: props.queues.deadLetters.queueUrl,
        STEPREEL_LIMITS: JSON.stringify(settings.admission),
        STEPREEL_OUTSIDE: Stack.of(this).toJsonString(this.prepared(props, functions, roles)),
      },
    });
  }

  private add(name: string, props: Omit<ConstructorParameters<typeof BundledFunction>[2], 'name'>): LambdaFunction {
    const { function: made } = new BundledFunction(this, name, { name, ...props });
    this.byName[name] = made;
    return made;
  }

  /** As `src/adapters/aws/outside-settings.ts` reads it. */
  private prepared(
    { stage, settings, network, cluster }: OutsideProps,
    functions: Record<string, LambdaFunction>,
    roles: OutsideRoles,
  ) {
    const names = namesOf(this, stage);
    const { account, region, urlSuffix } = Stack.of(this);
    return {
      ...{ prefix: names.prefix, stage, region, machines: names.stateMachinePrefix },
      cluster: cluster.cluster.clusterArn,
      cpuCapacity: settings.cpuCapacity,
      gpuCapacity: names.gpuCapacity,
      subnets: network.vpc.selectSubnets({ subnetGroupName: 'tasks' }).subnetIds,
      securityGroup: network.taskSecurityGroup.securityGroupId,
      functions: Object.fromEntries(Object.entries(functions).map(([step, { functionArn }]) => [step, functionArn])),
      machineRole: roles.machineRole.roleArn,
      machineLogs: roles.machineLogs.logGroupArn,
      executionRole: roles.executionRole.roleArn,
      rolePath: names.rolePath,
      taskPolicy: roles.taskPolicy.managedPolicyArn,
      taskLogs: names.logGroup('tasks/'),
      logDays: settings.retentionDays.logs,
      images: `${account}.dkr.ecr.${region}.${urlSuffix}/${names.outsideImages}`,
      environment: { ...runEnvironment(this, stage), STEPREEL_SCRATCH: TASK_SCRATCH },
    };
  }
}

/** All that it makes is called after `outside`, or lies on the path of these roles: it can't touch what was deployed. */
function registrationGrants(scope: Construct, names: Names, settings: Settings, roles: OutsideRoles): Grant[] {
  const can = platformGrants(names, settings);
  const taskRoles = `${outsideRoles(scope, names)}*`;
  const policy = roles.taskPolicy.managedPolicyArn;
  const logGroups = names.arn('logs', `log-group:${names.logGroup('tasks/*')}`);
  return [
    can.jobs,
    ...can.key,
    {
      actions: ['iam:CreateRole'],
      resources: [taskRoles],
      conditions: { StringEquals: { 'iam:PermissionsBoundary': policy } },
      why: 'The role of a workload’s tasks, which can never do more than the policy of all such roles.',
    },
    {
      actions: ['iam:AttachRolePolicy'],
      resources: [taskRoles],
      conditions: { ArnEquals: { 'iam:PolicyARN': policy } },
      why: 'Gives such a role that policy, and no other.',
    },
    {
      actions: ['iam:GetRole', 'iam:TagRole'],
      resources: [taskRoles],
      why: 'Finds the role of a workload, and says on it whose it is.',
    },
    {
      actions: ['iam:PassRole'],
      resources: [roles.executionRole.roleArn, taskRoles],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      why: 'Task definitions name the role of their workload.',
    },
    {
      actions: ['iam:PassRole'],
      resources: [roles.machineRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } },
      why: 'Machines run under one role.',
    },
    {
      actions: ['ecs:RegisterTaskDefinition'],
      resources: ['*'],
      why: 'It has no resource before it is there; who may run it, and under which role, is said elsewhere.',
    },
    {
      actions: ['ecs:TagResource'],
      resources: [names.arn('ecs', `task-definition/${names.prefix}-${OUTSIDE}*`)],
      why: 'Says on a task definition whose it is, for costs.',
    },
    {
      actions: ['states:CreateStateMachine', 'states:UpdateStateMachine', 'states:TagResource'],
      resources: [`${names.stateMachinePrefix}${OUTSIDE}*`],
      why: 'A machine for each registered version.',
    },
    {
      actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
      resources: [logGroups, `${logGroups}:*`],
      why: 'The log group of a workload’s tasks.',
    },
  ];
}
