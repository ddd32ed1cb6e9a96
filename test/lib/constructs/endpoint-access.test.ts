import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { Workload } from '#core/workload';
import annotate from '#workloads/annotate/workload';
import letterAsr from '#workloads/letter-asr/workload';
import { readImageLock } from '../../../lib/constructs/images.ts';
import { type EndpointSettings, SETTINGS, type Settings } from '../../../lib/settings.ts';
import { WorkloadStack } from '../../../lib/workload-stack.ts';
import { ofType } from '../synthesize.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:lighting-AbCdEf';
const lighting = {
  ...{ protocol: 'predictions', url: 'https://models.example.com/lighting', classes: ['lamp'] },
  tokenFrom: 'LIGHTING_TOKEN',
};
const DETECTORS: EndpointSettings = { list: { lighting }, tokens: { LIGHTING_TOKEN: SECRET } };
const TRITON_SECRET = SECRET.replaceAll('lighting', 'triton');
const TUTOR_SECRET = SECRET.replaceAll('lighting', 'tutor');
const LETTER_ENDPOINTS: Settings['endpoints'] = {
  detectors: DETECTORS,
  speech: {
    list: { triton: { url: 'https://triton.example.org/v2/models/letters', tokenFrom: 'TRITON_TOKEN' } },
    tokens: { TRITON_TOKEN: TRITON_SECRET },
  },
  graphql: {
    list: { tutor: { url: 'https://api.example.org/graphql', apiKeyFrom: 'TUTOR_API_KEY' } },
    tokens: { TUTOR_API_KEY: TUTOR_SECRET },
  },
};

function stackWith(changes: Partial<Settings>, workload: Workload = annotate): Template {
  const settings = { ...SETTINGS.dev, natGateways: 1, ...changes } as Settings;
  const images = readImageLock({ unpinned: true });
  const stack = new WorkloadStack(new App(), 'stack', { stage: 'dev', settings, images, workload });
  return Template.fromStack(stack);
}

function containersOf(template: Template) {
  const tasks = ofType(template, 'AWS::ECS::TaskDefinition').map(([, task]) => task);
  return new Map(tasks.map(({ Family, ContainerDefinitions: [container] }) => [Family.split('-').at(-1), container]));
}

/** Whose role may read which secret. */
function readersOfSecrets(template: Template): [string, unknown][] {
  const readers = ofType(template, 'AWS::IAM::Policy').flatMap(([id, { PolicyDocument }]) =>
    PolicyDocument.Statement.filter(({ Action }: { Action: unknown }) =>
      JSON.stringify(Action).includes('secretsmanager:GetSecretValue'),
    ).map(({ Resource }: { Resource: unknown }): [string, unknown] => [id.split('DefaultPolicy')[0]!, Resource]),
  );
  return readers.toSorted(([one], [other]) => one.localeCompare(other));
}

describe('endpoints of the settings', () => {
  const template = stackWith({ endpoints: { detectors: DETECTORS } });
  const containers = containersOf(template);

  it.each(['DetectObjects', 'DetectObjectsOnCpu'])('reach %s, each token as the ARN of its secret', (state) => {
    const { Environment, Secrets } = containers.get(state);
    expect(Environment).toContainEqual({ Name: 'STEPREEL_ENDPOINTS', Value: JSON.stringify(DETECTORS.list) });
    expect(Secrets).toEqual([{ Name: 'LIGHTING_TOKEN', ValueFrom: SECRET }]);
  });

  it('reach no other step', () => {
    const { Environment, Secrets } = containers.get('RenderVideo');
    expect(JSON.stringify(Environment)).not.toContain('STEPREEL_ENDPOINTS');
    expect(Secrets).toBeUndefined();
  });

  it('let the ECS agent read those secrets and no others, and the step itself none', () => {
    expect(readersOfSecrets(template)).toEqual([['TasksExecutionRole', SECRET]]);
  });
});

describe('endpoints of letter-asr', () => {
  const template = stackWith({ endpoints: LETTER_ENDPOINTS }, letterAsr);

  it.each(['ScorePhrases', 'ScorePhrasesOnCpu'])('a remote model reaches %s, and no detector does', (state) => {
    const { Environment, Secrets } = containersOf(template).get(state);
    const list = JSON.stringify(LETTER_ENDPOINTS!.speech!.list);
    expect(Environment).toContainEqual({ Name: 'STEPREEL_SPEECH_ENDPOINTS', Value: list });
    expect(JSON.stringify(Environment)).not.toContain('STEPREEL_ENDPOINTS');
    expect(Secrets).toEqual([{ Name: 'TRITON_TOKEN', ValueFrom: TRITON_SECRET }]);
  });

  it('where results go reaches PublishResults alone, with the ARN of the key and not the key', () => {
    const listed = ofType(template, 'AWS::Lambda::Function')
      .map(([, { FunctionName, Environment }]) => [FunctionName, Environment.Variables] as const)
      .filter(([, variables]) => variables.STEPREEL_GRAPHQL_ENDPOINTS || variables.STEPREEL_SECRETS);
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject([
      'stepreel-dev-letter-asr-publish-results',
      {
        STEPREEL_GRAPHQL_ENDPOINTS: JSON.stringify(LETTER_ENDPOINTS!.graphql!.list),
        STEPREEL_SECRETS: JSON.stringify({ TUTOR_API_KEY: TUTOR_SECRET }),
      },
    ]);
  });

  it('each secret has one reader', () => {
    expect(readersOfSecrets(template)).toEqual([
      ['FunctionsPublishResultsRole', TUTOR_SECRET],
      ['TasksExecutionRole', TRITON_SECRET],
    ]);
  });

  it('results go out without a gateway, which functions do not need', () => {
    const { graphql } = LETTER_ENDPOINTS!;
    expect(() => stackWith({ endpoints: { graphql: graphql! }, natGateways: 0 }, letterAsr)).not.toThrow();
  });
});

it('an endpoint of SageMaker may be described and invoked by the tasks, and no other', () => {
  const signs = { protocol: 'sagemaker', endpoint: 'Signs-2', region: 'ap-south-1', classes: ['sign'] } as const;
  const template = stackWith({ endpoints: { detectors: { list: { signs }, tokens: {} } } });
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
    changes: { endpoints: { detectors: { ...DETECTORS, tokens: {} } } },
    says: 'LIGHTING_TOKEN',
  },
  {
    name: 'tasks without a way out',
    changes: { endpoints: { detectors: DETECTORS }, natGateways: 0 as const },
    says: 'natGateways',
  },
])('$name is refused before anything is deployed', ({ changes, says }) => {
  expect(() => stackWith(changes)).toThrow(says);
});
