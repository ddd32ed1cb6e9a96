import {
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { AttachRolePolicyCommand, CreateRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { CreateStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import type { Machine } from '#asl/definition';
import { resolveMachine } from '#asl/load';
import { containerStates } from '#asl/steps-of';
import { InputError } from '#core/errors';
import type { Workload } from '#core/workload';
import type { AwsClients } from './clients.ts';
import { isMachineName, OUTSIDE, outsideMachine } from './outside-names.ts';
import type { OutsideSettings } from './outside-settings.ts';
import { outsideTask, tagsOf } from './outside-task.ts';
import { answerOf, isNamed } from './service-errors.ts';

export interface OutsideRuntimeOptions {
  clients: Pick<AwsClients, 'iam' | 'cloudWatchLogs' | 'ecs' | 'stepFunctions'>;
  settings: OutsideSettings;
}

/**
 * Makes what a registered version runs on: the role and the log group of its workload, a task definition for each container
 * state, and a machine of its own. Doing it again after half of it was done is harmless.
 * @throws InputError for a workload that can't run there.
 */
export function openOutsideRuntime({ clients, settings }: OutsideRuntimeOptions) {
  return async (workload: Workload): Promise<void> => {
    const image = requireImage(workload, settings);
    requireMachineName(workload, settings);
    const taskRole = await taskRoleOf(workload.name, clients, settings);
    await addLogGroup(`${settings.taskLogs}${workload.name}`, clients, settings);
    const tasks = await registerTasks(workload, { image, taskRole }, clients, settings);
    await putMachine(workload, tasks, clients, settings);
  };
}

/** Tasks pull by digest, from the repositories that their role may read. */
function requireImage({ name, version, outside }: Workload, { images }: OutsideSettings): string {
  const image = outside?.image ?? '';
  if (image.startsWith(images) && /@sha256:[0-9a-f]{64}$/.test(image)) return image;
  throw new InputError(
    `${name}@${version} needs an image by digest from this platform's registry: expected "image": "${images}<repository>@sha256:<64 hex digits>", found ${image === '' ? 'none' : JSON.stringify(image)}. Push it there and name it.`,
  );
}

function requireMachineName({ name, version }: Workload, { prefix }: OutsideSettings): void {
  const machine = `${prefix}-${outsideMachine(name, version)}`;
  if (isMachineName(machine)) return;
  throw new InputError(
    `Step Functions takes no name as long as ${machine}. Choose a shorter name or version for ${name}@${version}.`,
  );
}

type Clients = OutsideRuntimeOptions['clients'];

/**
 * The role of a workload's tasks. Its tag says which jobs it reaches: the one policy that all such roles have, and may not
 * go beyond, names the tag. @returns its ARN.
 */
async function taskRoleOf(workload: string, { iam }: Clients, settings: OutsideSettings): Promise<string> {
  const { prefix, rolePath, taskPolicy, stage } = settings;
  const client = await iam();
  const RoleName = `${prefix}-task-${workload}`;
  const create = new CreateRoleCommand({
    RoleName,
    Path: rolePath,
    Description: `Tasks of the workload ${workload}, which is registered with Stepreel ${stage}`,
    PermissionsBoundary: taskPolicy,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }),
    Tags: tagsOf(workload, stage).map(({ key: Key, value: Value }) => ({ Key, Value })),
  });
  const arn = await answerOf(client.send(create)).then(
    ({ Role }) => Role!.Arn!,
    async (thrown) => {
      if (!isNamed(thrown, 'EntityAlreadyExistsException')) throw thrown;
      return (await answerOf(client.send(new GetRoleCommand({ RoleName })))).Role!.Arn!;
    },
  );
  await answerOf(client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: taskPolicy })));
  return arn;
}

async function addLogGroup(logGroupName: string, { cloudWatchLogs }: Clients, { logDays }: OutsideSettings) {
  const client = await cloudWatchLogs();
  await answerOf(client.send(new CreateLogGroupCommand({ logGroupName }))).catch((thrown) => {
    if (!(thrown instanceof ResourceAlreadyExistsException)) throw thrown;
  });
  await answerOf(client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: logDays })));
}

/** @returns the ARN of each container state's task definition, in just this revision. */
async function registerTasks(
  { name: workload, version, steps }: Workload,
  common: { image: string; taskRole: string },
  { ecs }: Clients,
  settings: OutsideSettings,
): Promise<Record<string, string>> {
  const client = await ecs();
  const arns: Record<string, string> = {};
  for (const { state, ...place } of containerStates(steps)) {
    const family = `${settings.prefix}-${OUTSIDE}${workload}-${state}`;
    const task = outsideTask({ ...common, ...place, family, workload, version }, settings);
    const { taskDefinition } = await answerOf(client.send(new RegisterTaskDefinitionCommand(task)));
    arns[state] = taskDefinition!.taskDefinitionArn!;
  }
  return arns;
}

async function putMachine(
  workload: Workload,
  tasks: Record<string, string>,
  { stepFunctions }: Clients,
  settings: OutsideSettings,
): Promise<void> {
  const { machineRole, machineLogs, machines, prefix, stage } = settings;
  const own = outsideMachine(workload.name, workload.version);
  const client = await stepFunctions();
  const known = { ...placesOf(settings), ...settings.functions, ...tasks };
  const machine = workload.outside!.machine as Machine;
  const definition = JSON.stringify(
    resolveMachine(machine, `the machine of ${workload.name}`, (asked) => known[asked]!),
  );
  const logging = {
    level: 'ALL' as const,
    // Inputs name people's files.
    includeExecutionData: false,
    destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: machineLogs } }],
  };
  const facts = {
    definition,
    roleArn: machineRole,
    loggingConfiguration: logging,
    tracingConfiguration: { enabled: true },
  };
  const create = new CreateStateMachineCommand({
    name: `${prefix}-${own}`,
    type: 'STANDARD',
    ...facts,
    tags: tagsOf(workload.name, stage),
  });
  await answerOf(client.send(create)).catch(async (thrown) => {
    // Left by somebody who came no further: nobody has started it yet.
    if (!isNamed(thrown, 'StateMachineAlreadyExists')) throw thrown;
    const stateMachineArn = `${machines}${own}`;
    await answerOf(client.send(new UpdateStateMachineCommand({ stateMachineArn, ...facts })));
  });
}

/** What the placeholders of a machine stand for that are not steps. */
function placesOf(settings: OutsideSettings): Record<string, string> {
  const { cluster, cpuCapacity, gpuCapacity, securityGroup, subnets } = settings;
  return {
    Cluster: cluster,
    CpuCapacity: cpuCapacity,
    GpuCapacity: gpuCapacity,
    SecurityGroup: securityGroup,
    ...Object.fromEntries(subnets.map((subnet, index) => [`Subnet${index + 1}`, subnet])),
  };
}
