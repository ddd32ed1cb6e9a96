import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import { acceptPatterns, grant } from './grant.ts';
import { logRetention } from './log-retention.ts';
import { type Names, namesOf, OUTSIDE } from './names.ts';
import { workloadGrants } from './permissions.ts';

interface OutsideRolesProps {
  stage: Stage;
  settings: Settings;
  /** The functions that take our steps. */
  functions: readonly { functionArn: string }[];
}

// What a role of a workload's tasks is tagged with.
const WORKLOAD_TAG = `\${aws:PrincipalTag/workload}`;

/** Under what the machines and tasks of workloads run that are registered after the platform was deployed. */
export class OutsideRoles extends Construct {
  /** What the tasks of a workload may do, by the tag of their role: the same as those of a workload that was deployed. */
  readonly taskPolicy: ManagedPolicy;
  readonly executionRole: Role;
  readonly machineRole: Role;
  readonly machineLogs: LogGroup;

  constructor(scope: Construct, id: string, { stage, settings, functions }: OutsideRolesProps) {
    super(scope, id);
    const names = namesOf(this, stage);
    this.taskPolicy = this.addTaskPolicy(names, settings);
    this.executionRole = this.addExecutionRole(names);
    this.machineRole = this.addMachineRole(names, functions);
    this.machineLogs = new LogGroup(this, 'MachineLogs', {
      logGroupName: names.logGroup('executions/outside'),
      retention: logRetention(settings),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private addTaskPolicy(names: Names, settings: Settings): ManagedPolicy {
    const grants = workloadGrants(names, settings, WORKLOAD_TAG);
    const policy = new ManagedPolicy(this, 'TaskPolicy', {
      managedPolicyName: `${names.prefix}-${OUTSIDE}tasks`,
      description: 'What the tasks of a registered workload reach: what begins with its name.',
      statements: grants.map(
        ({ actions, resources, conditions }) =>
          new PolicyStatement({ actions, resources, ...(conditions ? { conditions } : {}) }),
      ),
    });
    for (const { resources, why } of grants) acceptPatterns(policy, resources, why);
    return policy;
  }

  private addExecutionRole(names: Names): Role {
    const role = new Role(this, 'ExecutionRole', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    grant(
      role,
      {
        actions: ['ecr:GetAuthorizationToken'],
        resources: ['*'],
        why: 'A registry token is for no repository in particular.',
      },
      {
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
        resources: [names.arn('ecr', `repository/${names.outsideImages}*`)],
        why: 'Repositories that teams make for the images of their workloads.',
      },
      {
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [names.arn('logs', `log-group:${names.logGroup('tasks/*')}`)],
        why: 'Log groups of tasks, one a workload.',
      },
    );
    return role;
  }

  /** As the role of a deployed machine, for the tasks whose definitions are called so. */
  private addMachineRole(names: Names, functions: OutsideRolesProps['functions']): Role {
    const onCluster = { ArnEquals: { 'ecs:cluster': names.arn('ecs', `cluster/${names.cluster}`) } };
    const runsTasks = names.arn('ecs', `task/${names.cluster}/*`);
    const role = new Role(this, 'MachineRole', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    grant(
      role,
      {
        actions: ['lambda:InvokeFunction'],
        resources: functions.map(({ functionArn }) => functionArn),
        why: 'Our steps around those of a workload.',
      },
      {
        actions: ['ecs:RunTask'],
        resources: [names.arn('ecs', `task-definition/${names.prefix}-${OUTSIDE}*`)],
        conditions: onCluster,
        why: 'Task definitions of workloads that are registered later.',
      },
      {
        actions: ['ecs:StopTask', 'ecs:DescribeTasks'],
        resources: [runsTasks],
        conditions: onCluster,
        why: 'Tasks are named by AWS when they start; the cluster is ours.',
      },
      {
        actions: ['ecs:TagResource'],
        resources: [runsTasks],
        conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
        why: 'A task carries its job as a tag, from its start only.',
      },
      {
        actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        resources: [names.arn('events', 'rule/StepFunctionsGetEventsForECSTaskRule')],
        why: 'The rule by which Step Functions hears that a task ended.',
      },
      {
        actions: ['iam:PassRole'],
        resources: [this.executionRole.roleArn, `${outsideRoles(this, names)}*`],
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        why: 'Tasks run under the role of their workload, which can do no more than the policy above.',
      },
      {
        actions: [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
        ],
        resources: ['*'],
        why: 'Log deliveries and X-Ray segments belong to no resource.',
      },
    );
    return role;
  }
}

/** What the ARN of the role of a registered workload's tasks begins with. */
export function outsideRoles(scope: Construct, { rolePath }: Names): string {
  const { account, partition } = Stack.of(scope);
  return `arn:${partition}:iam::${account}:role${rolePath}`;
}
