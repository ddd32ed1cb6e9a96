import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import annotate from '#workloads/annotate/workload';
import { readImageLock } from '../../../lib/constructs/images.ts';
import { type EndpointSettings, SETTINGS, type Settings } from '../../../lib/settings.ts';
import { WorkloadStack } from '../../../lib/workload-stack.ts';
import { ofType } from '../synthesize.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:lighting-AbCdEf';
const lighting = {
  ...{ protocol: 'predictions', url: 'https://models.example.com/lighting', classes: ['lamp'] },
  tokenFrom: 'LIGHTING_TOKEN',
};
const ENDPOINTS: EndpointSettings = { list: { lighting }, tokens: { LIGHTING_TOKEN: SECRET } };

function stackWith(changes: Partial<Settings>): Template {
  const settings = { ...SETTINGS.dev, natGateways: 1, ...changes } as Settings;
  const images = readImageLock({ unpinned: true });
  const stack = new WorkloadStack(new App(), 'stack', { stage: 'dev', settings, images, workload: annotate });
  return Template.fromStack(stack);
}

function containersOf(template: Template) {
  const tasks = ofType(template, 'AWS::ECS::TaskDefinition').map(([, task]) => task);
  return new Map(tasks.map(({ Family, ContainerDefinitions: [container] }) => [Family.split('-').at(-1), container]));
}

describe('endpoints of the settings', () => {
  const template = stackWith({ endpoints: ENDPOINTS });
  const containers = containersOf(template);

  it.each(['DetectObjects', 'DetectObjectsOnCpu'])('reach %s, each token as the ARN of its secret', (state) => {
    const { Environment, Secrets } = containers.get(state);
    expect(Environment).toContainEqual({ Name: 'STEPREEL_ENDPOINTS', Value: JSON.stringify(ENDPOINTS.list) });
    expect(Secrets).toEqual([{ Name: 'LIGHTING_TOKEN', ValueFrom: SECRET }]);
  });

  it('reach no other step', () => {
    const { Environment, Secrets } = containers.get('RenderVideo');
    expect(JSON.stringify(Environment)).not.toContain('STEPREEL_ENDPOINTS');
    expect(Secrets).toBeUndefined();
  });

  it('let the ECS agent read those secrets and no others, and the step itself none', () => {
    const policies = ofType(template, 'AWS::IAM::Policy');
    const reading = policies.flatMap(([id, { PolicyDocument }]) =>
      PolicyDocument.Statement.filter(({ Action }: { Action: unknown }) =>
        JSON.stringify(Action).includes('secretsmanager:GetSecretValue'),
      ).map(({ Resource }: { Resource: unknown }) => [id.startsWith('TasksExecutionRole'), Resource]),
    );
    expect(reading).toEqual([[true, SECRET]]);
  });
});

it('an endpoint of SageMaker may be described and invoked by the tasks, and no other', () => {
  const signs = { protocol: 'sagemaker', endpoint: 'Signs-2', region: 'ap-south-1', classes: ['sign'] } as const;
  const template = stackWith({ endpoints: { list: { signs }, tokens: {} } });
  const policies = ofType(template, 'AWS::IAM::Policy');
  const statements = policies.flatMap(([id, { PolicyDocument }]) =>
    PolicyDocument.Statement.filter(({ Action }: { Action: unknown }) =>
      JSON.stringify(Action).includes('sagemaker:'),
    ).map((statement: object) => [id.startsWith('TasksTaskRole'), statement]),
  );
  expect(statements).toEqual([
    [
      true,
      {
        Effect: 'Allow',
        Action: ['sagemaker:DescribeEndpoint', 'sagemaker:InvokeEndpoint'],
        Resource: expect.anything(),
      },
    ],
  ]);
  expect(JSON.stringify(statements)).toMatch(/:sagemaker:ap-south-1:.*:endpoint\/signs-2/);
});

it('without endpoints there is no variable, and nothing to read', () => {
  const { Environment, Secrets } = containersOf(stackWith({})).get('DetectObjects');
  expect([JSON.stringify(Environment).includes('STEPREEL_ENDPOINTS'), Secrets]).toEqual([false, undefined]);
});

it.each([
  {
    name: 'a token that no secret holds',
    changes: { endpoints: { ...ENDPOINTS, tokens: {} } },
    says: 'LIGHTING_TOKEN',
  },
  { name: 'tasks without a way out', changes: { endpoints: ENDPOINTS, natGateways: 0 as const }, says: 'natGateways' },
])('$name is refused before anything is deployed', ({ changes, says }) => {
  expect(() => stackWith(changes)).toThrow(says);
});
