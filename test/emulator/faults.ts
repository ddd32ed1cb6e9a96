import { readdirSync, readFileSync } from 'node:fs';
import { DescribeTaskDefinitionCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeStateMachineCommand, ListExecutionsCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { openClients } from '#adapters/aws/clients';
import { clientJobId } from '#jobs/submit';
import { until } from '../helpers/state-processes.ts';

const ACCOUNT = '000000000000';
const REGION = process.env.AWS_REGION ?? 'us-east-1';
const PREFIX = 'stepreel-dev';
const MACHINES = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${PREFIX}-`;
const UPLOADS = `${PREFIX}-uploads-${ACCOUNT}-${REGION}`;

const clients = openClients();

/** Puts an object into the uploads bucket. @returns the id of the job that it becomes, if it becomes one. */
export async function dropObject(key: string, body: Uint8Array | string) {
  const s3 = await clients.s3();
  const { VersionId, ETag = '' } = await s3.send(new PutObjectCommand({ Bucket: UPLOADS, Key: key, Body: body }));
  const version = VersionId ?? ETag.replaceAll('"', '');
  const id = clientJobId('dataset', 'default', `s3://${UPLOADS}/${key}?${version}`);
  return { id, object: VersionId ? { key, 'version-id': VersionId } : { key, etag: version } };
}

/** Tells of an object again, as S3 may at any time. */
export async function tellAgain(object: Record<string, string>): Promise<void> {
  const sqs = await clients.sqs();
  const event = { source: 'aws.s3', 'detail-type': 'Object Created', detail: { bucket: { name: UPLOADS }, object } };
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: `${process.env.AWS_ENDPOINT_URL}/${ACCOUNT}/${PREFIX}-uploads`,
      MessageBody: JSON.stringify(event),
    }),
  );
}

/** How many executions of a workload there are for a job. */
export async function executionsOf(id: string, workload = 'dataset'): Promise<number> {
  const states = await clients.stepFunctions();
  const { executions = [] } = await states.send(
    new ListExecutionsCommand({ stateMachineArn: `${MACHINES}${workload}` }),
  );
  return executions.filter(({ name }) => name?.startsWith(id)).length;
}

/** The process of a job's first task, as soon as there is one. */
export async function taskOf(id: string): Promise<number> {
  const search = () => readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && isTaskOf(pid, id));
  await until(() => search() !== undefined, `a task of ${id} was running`);
  return Number(search());
}

function isTaskOf(pid: string, id: string): boolean {
  try {
    const isProgram = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('containers/main');
    return isProgram && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`STEPREEL_JOB_ID=${id}\0`);
  } catch {
    // It has ended since.
    return false;
  }
}

/**
 * Releases a state machine whose ExtractFrames runs `script` before it begins, and is else what was deployed.
 * @returns the way back.
 */
export async function releaseFault(script: string): Promise<() => Promise<void>> {
  const states = await clients.stepFunctions();
  const stateMachineArn = `${MACHINES}dataset`;
  const { definition } = await states.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const release = async (next: string) => {
    await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: next }));
  };
  await release(await faultyMachine(definition!, script));
  return () => release(definition!);
}

async function faultyMachine(definition: string, script: string): Promise<string> {
  const machine = JSON.parse(definition);
  const parameters = machine.States.ExtractFrames.Parameters;
  parameters.TaskDefinition = await faultyTask(parameters.TaskDefinition, script);
  // The third retry would only make the test longer.
  for (const retry of machine.States.ExtractFrames.Retry) {
    retry.IntervalSeconds = 1;
    retry.MaxDelaySeconds = 2;
  }
  return JSON.stringify(machine);
}

async function faultyTask(taskDefinition: string, script: string): Promise<string> {
  const ecs = new ECSClient({});
  const { taskDefinition: found } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const { containerDefinitions = [], volumes, cpu, memory, networkMode, requiresCompatibilities } = found!;
  const fault = { name: 'NODE_OPTIONS', value: `--import=data:text/javascript,${script}` };
  const { taskDefinition: made } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: `${found!.family}-faulty`,
      containerDefinitions: containerDefinitions.map((container) => ({
        ...container,
        environment: [...(container.environment ?? []), fault],
      })),
      volumes,
      cpu,
      memory,
      networkMode,
      requiresCompatibilities,
    }),
  );
  return made!.taskDefinitionArn!;
}
