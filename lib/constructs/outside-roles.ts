import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import { acceptPatterns, grant } from './grant.ts';
import { logRetention } from './log-retention.ts';
import { machineGrants } from './machine-grants.ts';
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
    const role = new Role(this, 'MachineRole', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    grant(
      role,
      ...machineGrants(names, {
        functions: functions.map(({ functionArn }) => functionArn),
        definitions: {
          resources: [names.arn('ecs', `task-definition/${names.prefix}-${OUTSIDE}*`)],
          why: 'Task definitions of workloads that are registered later.',
        },
        taskRoles: {
          resources: [this.executionRole.roleArn, `${outsideRoles(this, names)}*`],
          why: 'Tasks run under the role of their workload, which can do no more than the policy above.',
        },
      }),
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
