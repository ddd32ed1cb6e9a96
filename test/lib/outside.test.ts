import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { outsideSettingsSchema } from '#adapters/aws/outside-settings';
import { outsideTask } from '#adapters/aws/outside-task';
import { containerStates } from '#asl/steps-of';
import dataset from '#workloads/dataset/workload';
import { outsideSettings } from '../helpers/outside-settings.ts';
import { ofType, type Properties, synthesize } from './synthesize.ts';

let platform: Template;
let workload: Template;

beforeAll(async () => {
  const made = await synthesize('dev');
  platform = made.platform;
  workload = made.workloads.dataset!;
});

const outsideFunctions = () => ofType(platform, 'AWS::Lambda::Function').filter(([id]) => id.startsWith('Outside'));
const rightsOf = (name: string): Properties[] =>
  ofType(platform, 'AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(`Outside${name}Role`))
    .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement);

it('the function that registers is told what was prepared, as it reads it', () => {
  const [, { Environment }] = outsideFunctions().find(([id]) => id.startsWith('Outsideregistration'))!;
  const text = textOf(Environment.Variables.STEPREEL_OUTSIDE);
  expect(outsideSettingsSchema.parse(JSON.parse(text))).toMatchObject({
    prefix: 'stepreel-dev',
    functions: { ValidateInput: expect.any(String), WriteReport: expect.any(String) },
    images: expect.stringMatching(/\/stepreel-dev-outside-$/),
  });
});

it('one function for each step of ours serves all registered workloads', () => {
  expect(
    outsideFunctions().map(([, { FunctionName, Environment }]) => [FunctionName, Environment.Variables.STEPREEL_STEP]),
  ).toEqual(
    expect.arrayContaining([
      ['stepreel-dev-outside-validate-input', 'ValidateInput'],
      ['stepreel-dev-outside-write-report', 'WriteReport'],
    ]),
  );
});

describe('the function that registers', () => {
  it('makes and changes what is called outside, and nothing that was deployed', () => {
    const named = rightsOf('registration').filter(({ Action }) =>
      listed(Action).some((action) => /^(states|ecs|iam):(?!PassRole|RegisterTaskDefinition)/.test(action)),
    );
    expect(named.length).toBeGreaterThanOrEqual(4);
    for (const resource of named.flatMap(({ Resource }) => listed(Resource).map(textOf))) {
      expect(resource).toMatch(/(stepreel-dev-outside-\*|:role\/stepreel\/dev\/\*)$/);
    }
  });

  it('gives a new role the one policy and its boundary, and passes such roles to tasks alone', () => {
    const rights = rightsOf('registration');
    const condition = (action: string) =>
      rights.filter(({ Action }) => listed(Action).includes(action)).map(({ Condition }) => Condition);
    const [policy] = ofType(platform, 'AWS::IAM::ManagedPolicy').map(([id]) => id);
    expect(condition('iam:CreateRole')).toEqual([{ StringEquals: { 'iam:PermissionsBoundary': { Ref: policy } } }]);
    expect(condition('iam:AttachRolePolicy')).toEqual([{ ArnEquals: { 'iam:PolicyARN': { Ref: policy } } }]);
    expect(condition('iam:PassRole')).toEqual([
      { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } },
    ]);
  });
});

it('the tasks of a registered workload may do what those of a deployed one may, for the name on their role (pitfall 53)', () => {
  const [[, policy]] = ofType(platform, 'AWS::IAM::ManagedPolicy') as [[string, Properties]];
  const [, deployed] = ofType(workload, 'AWS::IAM::Policy').find(([id]) => id.startsWith('TasksTaskRole'))!;
  const rights = ({ PolicyDocument }: Properties) => PolicyDocument.Statement.map((one: unknown) => textOf(one)).sort();
  const here = rights(policy).map((one: string) => one.replaceAll(/\$\{aws:PrincipalTag\/workload\}/g, 'dataset'));
  expect(here).toEqual(rights(deployed).filter((one: string) => !/logs:|ssmmessages/.test(one)));
});

it('the task of a step from outside is defined as that of a step of ours is', () => {
  const settings = outsideSettings();
  for (const { state, step, device, placement } of containerStates(dataset.steps)) {
    const [, ours] = ofType(workload, 'AWS::ECS::TaskDefinition').find(
      ([, { Family }]) => Family === `stepreel-dev-dataset-${state}`,
    )!;
    const facts = {
      family: ours.Family,
      step,
      device,
      placement,
      image: '',
      taskRole: '',
      workload: 'dataset',
      version: '1.0.0',
    };
    const { tags: _tags, ...theirs } = outsideTask(facts, settings);
    const { Tags, ...expected } = ours;
    expect(plain(theirs), state).toEqual(plain(expected));
  }
});

/** What a definition says of how a task runs, without what tells one workload, stage or image from another. */
function plain(definition: object): object {
  const { containerDefinitions, ...task } = lowered(definition) as Properties;
  const [container] = containerDefinitions;
  for (const one of ['executionRoleArn', 'taskRoleArn']) delete task[one];
  const { environment: _environment, image: _image, logConfiguration, ...rest } = container;
  const { 'awslogs-group': _group, ...options } = logConfiguration.options;
  return { ...task, container: { ...rest, log: { ...logConfiguration, options } } };
}

/** CloudFormation's names of fields as the SDK has them. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      const name = `${key[0]!.toLowerCase()}${key.slice(1)}`;
      return [name === 'sizeInGiB' ? 'sizeInGiB' : name, lowered(part)];
    }),
  );
}

function listed<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

/** A CloudFormation expression as one text. */
function textOf(expression: unknown): string {
  if (typeof expression === 'string') return expression;
  const { 'Fn::Join': join, Ref: ref, 'Fn::GetAtt': attribute } = expression as Properties;
  if (join) return join[1].map(textOf).join(join[0]);
  if (ref) return String(ref);
  return attribute ? attribute.join('.') : JSON.stringify(expression);
}
