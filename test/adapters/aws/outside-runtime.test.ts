import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { openClients } from '#adapters/aws/clients';
import { openOutsideRuntime } from '#adapters/aws/outside-runtime';
import type { OutsideSettings } from '#adapters/aws/outside-settings';
import { loadOutside } from '#runtime/outside/outside-workload';
import { ANYBODY, listening } from '../../helpers/aws-in-process.ts';
import { ServiceFault, startJsonService } from '../../helpers/aws-json-service.ts';
import { outsideSettings } from '../../helpers/outside-settings.ts';
import { aWorkloadFolder } from '../../helpers/programs.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const settings: OutsideSettings = outsideSettings();
const image = `${settings.images}own@${DIGEST}`;

/** What was asked, in order. */
let asked: { operation: string; request: Record<string, unknown> }[] = [];
let there: Set<string>;
beforeEach(() => {
  asked = [];
  there = new Set();
});

/** Notes what is asked for; says once that it is new, and then that it is there. */
function make(operation: string, key: string, isThere: string, request: Record<string, unknown>): void {
  asked.push({ operation, request });
  if (there.has(key)) throw new ServiceFault(isThere);
  there.add(key);
}

const json = await startJsonService({
  CreateLogGroup: (request) => make('CreateLogGroup', request.logGroupName, 'ResourceAlreadyExistsException', request),
  PutRetentionPolicy: (request) => void asked.push({ operation: 'PutRetentionPolicy', request }),
  RegisterTaskDefinition(request) {
    asked.push({ operation: 'RegisterTaskDefinition', request });
    const revision = asked.filter(({ operation }) => operation === 'RegisterTaskDefinition').length;
    const taskDefinitionArn = `arn:aws:ecs:us-east-1:000000000000:task-definition/${request.family}:${revision}`;
    return { taskDefinition: { taskDefinitionArn } };
  },
  CreateStateMachine(request) {
    make('CreateStateMachine', request.name, 'StateMachineAlreadyExists', request);
    return { stateMachineArn: `${settings.machines}x`, creationDate: 1 };
  },
  UpdateStateMachine(request) {
    asked.push({ operation: 'UpdateStateMachine', request });
    return { updateDate: 1 };
  },
});
const iam = await startIam();
const on = (endpoint: string) => openClients({ ...ANYBODY, endpoint });
const prepare = openOutsideRuntime({ clients: { ...on(json), iam: on(iam).iam }, settings });
const requestsOf = (operation: string) => asked.filter((one) => one.operation === operation).map((one) => one.request);

it('a version gets a role of its own, a log group, a task definition for each container state and a machine', async () => {
  const steps = { RunModel: { command: ['run'], devices: ['gpu', 'cpu'] } };
  await prepare(await loadOutside(aWorkloadFolder('', { image, steps })));
  expect(asked.map(({ operation }) => operation)).toEqual([
    'CreateRole',
    'AttachRolePolicy',
    'CreateLogGroup',
    'PutRetentionPolicy',
    'RegisterTaskDefinition',
    'RegisterTaskDefinition',
    'CreateStateMachine',
  ]);
  expect(requestsOf('CreateRole')).toMatchObject([
    {
      RoleName: 'stepreel-dev-task-own-model',
      Path: '/stepreel/dev/',
      PermissionsBoundary: settings.taskPolicy,
      'Tags.member.3.Key': 'workload',
      'Tags.member.3.Value': 'own-model',
    },
  ]);
  expect(requestsOf('AttachRolePolicy')).toMatchObject([{ PolicyArn: settings.taskPolicy }]);
  expect(requestsOf('RegisterTaskDefinition')).toMatchObject([
    { family: 'stepreel-dev-outside-own-model-RunModel', requiresCompatibilities: ['EC2'] },
    { family: 'stepreel-dev-outside-own-model-RunModelOnCpu', requiresCompatibilities: ['FARGATE'], cpu: '1024' },
  ]);
  const [machine] = requestsOf('CreateStateMachine');
  expect(machine).toMatchObject({ name: 'stepreel-dev-outside-own-model-0-1-0', roleArn: settings.machineRole });
  const { States } = JSON.parse(machine!.definition as string);
  expect(States.ValidateInput.Parameters.FunctionName).toBe(settings.functions.ValidateInput);
  expect(States.RunModelOnCpu.Parameters).toMatchObject({
    Cluster: settings.cluster,
    TaskDefinition: 'arn:aws:ecs:us-east-1:000000000000:task-definition/stepreel-dev-outside-own-model-RunModelOnCpu:2',
    NetworkConfiguration: { AwsvpcConfiguration: { Subnets: settings.subnets } },
  });
  expect(machine!.definition).not.toContain('${');
});

it('what was left half done is done to the end', async () => {
  const workload = await loadOutside(aWorkloadFolder('', { image }));
  await prepare(workload);
  await prepare(workload);
  expect(requestsOf('CreateStateMachine')).toHaveLength(2);
  const [update] = requestsOf('UpdateStateMachine');
  expect(update!.stateMachineArn).toBe(`${settings.machines}outside-own-model-0-1-0`);
  expect(update!.definition).toContain('stepreel-dev-outside-own-model-RunModel:2');
});

describe('refused, before anything is made', () => {
  it.each([
    { name: 'no image', definition: {}, says: 'needs an image by digest' },
    { name: 'an image by tag', definition: { image: `${settings.images}own:1` }, says: 'needs an image by digest' },
    {
      name: 'an image from elsewhere',
      definition: { image: `docker.io/own@${DIGEST}` },
      says: `expected "image": "${settings.images}<repository>@sha256:`,
    },
    {
      name: 'a name that Step Functions does not take',
      definition: { image, name: 'm'.repeat(40), version: '1000000.1000000.1000000' },
      says: 'Choose a shorter name or version',
    },
  ])('$name', async ({ definition, says }) => {
    await expect(prepare(await loadOutside(aWorkloadFolder('', definition)))).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(says),
    });
    expect(asked).toEqual([]);
  });
});

/** IAM as far as roles go. It takes forms and answers XML. */
async function startIam(): Promise<string> {
  const server = createServer(async (request, response) => {
    const { Action = '', ...form } = Object.fromEntries(new URLSearchParams(await text(request)));
    const role = `<Role><Arn>arn:aws:iam::000000000000:role${settings.rolePath}${form.RoleName}</Arn></Role>`;
    try {
      if (Action === 'CreateRole') make(Action, form.RoleName!, 'EntityAlreadyExists', form);
      else asked.push({ operation: Action, request: form });
      response.end(`<${Action}Response><${Action}Result>${role}</${Action}Result></${Action}Response>`);
    } catch (thrown) {
      const { code } = thrown as ServiceFault;
      response
        .writeHead(409)
        .end(`<ErrorResponse><Error><Code>${code}</Code><Message>there</Message></Error></ErrorResponse>`);
    }
  });
  return await listening(server);
}
