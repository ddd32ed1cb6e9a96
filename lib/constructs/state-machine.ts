import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fn, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { placeholdersIn } from '#asl/load';
import { ContractError } from '#core/errors';
import type { Workload } from '#core/workload';
import type { Settings, Stage } from '../settings.ts';
import { accept, grant } from './grant.ts';
import { logRetention } from './log-retention.ts';
import { machineGrants } from './machine-grants.ts';
import { namesOf } from './names.ts';
import type { Platform } from './platform-parameters.ts';
import { release } from './release.ts';
import type { StepFunctions } from './step-functions.ts';
import type { StepTasks } from './step-tasks.ts';

export interface StateMachineProps {
  stage: Stage;
  settings: Settings;
  workload: Workload;
  platform: Platform;
  functions: StepFunctions;
  tasks: StepTasks;
  machines?: string;
}

const MACHINES = fileURLToPath(new URL('../../statemachines', import.meta.url));

/** A workload's state machine: the very file that runs at home, with ARNs in place of its placeholders. */
export class StateMachine extends Construct {
  readonly machine: sfn.StateMachine;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: StateMachineProps) {
    super(scope, id);
    const { stage, settings, workload } = props;
    const names = namesOf(this, stage);
    const file = join(props.machines ?? MACHINES, `${workload.name}.asl.json`);
    const definition = readFileSync(file, 'utf8');
    const role = this.addRole(props);
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: names.logGroup(`executions/${workload.name}`),
      retention: logRetention(settings),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.machine = new sfn.StateMachine(this, 'Machine', {
      stateMachineName: `${names.prefix}-${workload.name}`,
      // Standard: a step may wait for a machine for hours.
      stateMachineType: sfn.StateMachineType.STANDARD,
      // Without the indentation: CloudFormation and Step Functions count it.
      definitionBody: sfn.DefinitionBody.fromString(JSON.stringify(JSON.parse(definition))),
      definitionSubstitutions: this.substitutions(definition, file, props),
      role,
      tracingEnabled: true,
      logs: {
        destination: this.logGroup,
        level: sfn.LogLevel.ALL,
        // Inputs name people's files.
        includeExecutionData: false,
      },
    });
    release(this, { machine: this.machine, settings, workload: workload.name });
    accept(role, 'AwsSolutions-IAM5[Resource::*]', 'Log deliveries and X-Ray segments belong to no resource.');
  }

  private substitutions(definition: string, file: string, props: StateMachineProps): Record<string, string> {
    const { platform, functions, tasks, settings, stage } = props;
    const names = namesOf(this, stage);
    const known: Record<string, string> = {
      Cluster: names.arn('ecs', `cluster/${names.cluster}`),
      SecurityGroup: platform.taskSecurityGroup,
      ...subnetsOneByOne(props),
      CpuCapacity: settings.cpuCapacity,
      GpuCapacity: names.gpuCapacity,
    };
    for (const [step, made] of functions.byStep) known[step] = made.function.functionArn;
    for (const [state, { definition: task }] of tasks.byState) known[state] = task.taskDefinitionArn;
    const asked = placeholdersIn(JSON.parse(definition));
    const unknown = asked.filter((name) => !Object.hasOwn(known, name));
    if (unknown.length > 0) {
      throw new ContractError(
        `${file} has placeholders that stand for nothing: ${unknown.join(', ')}. Known are ${Object.keys(known).join(', ')}.`,
      );
    }
    return Object.fromEntries(asked.map((name) => [name, known[name]!]));
  }

  /** What `lambda:invoke` and `ecs:runTask.sync` ask for, which is more than to run a task: pitfall 11. */
  private addRole({ stage, workload, functions, tasks }: StateMachineProps): Role {
    const names = namesOf(this, stage);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const needed = machineGrants(names, {
      functions: Array.from(functions.byStep.values(), (made) => made.function.functionArn),
      definitions: {
        resources: Array.from(tasks.byState.keys(), (state) =>
          names.arn('ecs', `task-definition/${names.prefix}-${workload.name}-${state}:*`),
        ),
        why: 'An execution keeps the revision that it began with, so every revision of its own task definitions.',
      },
      taskRoles: {
        resources: [tasks.taskRole.roleArn, tasks.executionRole.roleArn],
        why: 'Tasks run under these two.',
      },
    });
    grant(role, ...needed);
    return role;
  }
}

/** `${Subnet1}` and so on, one a zone. */
function subnetsOneByOne({ platform, settings }: StateMachineProps): Record<string, string> {
  const ids = Fn.split(',', platform.subnets, settings.zones.length);
  return Object.fromEntries(ids.map((id, index) => [`Subnet${index + 1}`, id]));
}
