import type { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtIn } from '#workloads/index';
import { requireDistinctPrefixes } from '../../lib/stacks.ts';
import { ofType, type Properties, type Synthesized, synthesize } from './synthesize.ts';

let dev: Synthesized;
let prod: Synthesized;
const stages = () =>
  [
    ['dev', dev],
    ['prod', prod],
  ] as const;
const templates = () => stages().flatMap(([, { platform, workloads }]) => [platform, ...Object.values(workloads)]);

beforeAll(async () => {
  dev = await synthesize('dev');
  prod = await synthesize('prod');
});

interface Statement {
  Action: string | string[];
  Effect: string;
  Resource?: unknown;
  Principal?: unknown;
  Condition?: Record<string, unknown>;
}

const listed = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** Every statement that gives a role of ours a right, with the policy that it is in. */
function rights(template: Template): (Statement & { policy: string })[] {
  return ofType(template, 'AWS::IAM::Policy').flatMap(([policy, { PolicyDocument }]) =>
    (PolicyDocument.Statement as Statement[]).map((statement) => ({ ...statement, policy })),
  );
}

// AWS has no narrower resource for these: docs.aws.amazon.com/service-authorization.
const WITHOUT_RESOURCE = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'ecr:GetAuthorizationToken',
  'cloudwatch:PutMetricData',
  'ecs:DiscoverPollEndpoint',
  'ecs:RegisterTaskDefinition',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];
describe('least privilege', () => {
  it('cdk-nag (AwsSolutions) finds nothing that is not accepted with a reason', () => {
    for (const [stage, { app }] of stages()) {
      const { violations, success } = new AwsSolutionsChecks(app).validateScope(app);
      expect({ stage, success, violations }).toEqual({ stage, success: true, violations: [] });
    }
  });

  it('cdk-nag is awake: it finds a bucket that is as AWS makes it', async () => {
    const { App, Stack } = await import('aws-cdk-lib');
    const { Bucket } = await import('aws-cdk-lib/aws-s3');
    const app = new App();
    new Bucket(new Stack(app, 'Careless'), 'Bucket');
    expect(new AwsSolutionsChecks(app).validateScope(app).success).toBe(false);
  });

  it('no role has an action with a `*` in it', () => {
    const actions = templates().flatMap((template) => rights(template).flatMap(({ Action }) => listed(Action)));
    expect(actions.length).toBeGreaterThan(50);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('the resource is `*` only where AWS has no other', () => {
    const wide = templates().flatMap((template) =>
      rights(template)
        .filter(({ Resource }) => listed(Resource).includes('*'))
        .flatMap(({ Action }) => listed(Action)),
    );
    expect(wide.length).toBeGreaterThan(0);
    for (const action of wide) expect(WITHOUT_RESOURCE).toContain(action);
  });

  it('the steps of a workload reach keys of that workload alone, in buckets and in the table', () => {
    for (const [stage, { workloads }] of stages()) {
      const own = rights(workloads.dataset!);
      const onTable = own.filter(({ Action }) => listed(Action).some((action) => action.startsWith('dynamodb:')));
      expect(onTable.length).toBeGreaterThan(0);
      for (const { Condition } of onTable) {
        expect(Condition).toEqual({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['dataset-*'] } });
      }
      const written = own
        .filter(({ Action }) => listed(Action).includes('s3:PutObject'))
        .flatMap(({ Resource }) => listed(Resource).map((one) => JSON.stringify(one)));
      expect(written.length).toBeGreaterThan(0);
      for (const resource of written) {
        expect(resource).toMatch(new RegExp(`stepreel-${stage}-(work|results)-.*/(jobs/dataset-|cache/dataset/)\\*`));
      }
    }
  });

  it('no two workloads can be mistaken for each other by the beginning of their names', () => {
    expect(() => requireDistinctPrefixes(['clip-qc', 'dataset'])).not.toThrow();
    expect(() => requireDistinctPrefixes(['dataset', 'clip', 'clip-qc'])).toThrow(/clip and clip-qc/);
  });
});

describe('encryption', () => {
  it.each(['dev', 'prod'] as const)(
    'in %s everything that keeps data is encrypted, and refuses plain HTTP',
    (stage) => {
      const { platform } = stage === 'dev' ? dev : prod;
      for (const [id, bucket] of ofType(platform, 'AWS::S3::Bucket')) {
        expect(bucket.BucketEncryption, id).toBeDefined();
        expect(Object.values(bucket.PublicAccessBlockConfiguration), id).toEqual([true, true, true, true]);
      }
      for (const [id, table] of ofType(platform, 'AWS::DynamoDB::Table')) {
        expect(table.SSESpecification, id).toMatchObject({ SSEEnabled: true });
      }
      for (const [id, queue] of ofType(platform, 'AWS::SQS::Queue')) {
        expect(queue.SqsManagedSseEnabled === true || queue.KmsMasterKeyId !== undefined, id).toBe(true);
      }
      for (const [id, topic] of ofType(platform, 'AWS::SNS::Topic')) expect(topic.KmsMasterKeyId, id).toBeDefined();
      for (const [type, count] of Object.entries({
        'AWS::S3::Bucket': 5,
        'AWS::SQS::Queue': 9,
        'AWS::SNS::Topic': 1,
      })) {
        expect(ofType(platform, type)).toHaveLength(count);
        const guarded = ofType(platform, `${type}Policy`).filter(([, policy]) => refusesPlainHttp(policy));
        expect(guarded, type).toHaveLength(count);
      }
    },
  );

  it('a stage with a customer key has data under it, and lets whoever uses data use the key', () => {
    const { platform, workloads } = prod;
    for (const [id, { SSESpecification }] of ofType(platform, 'AWS::DynamoDB::Table')) {
      expect(SSESpecification.KMSMasterKeyId, id).toBeDefined();
    }
    const onKey = rights(workloads.dataset!).filter(({ Action }) => listed(Action).includes('kms:Decrypt'));
    expect(onKey.length).toBeGreaterThan(0);
    for (const { Condition } of onKey) expect(JSON.stringify(Condition)).toContain('alias/stepreel-prod');
  });
});

function refusesPlainHttp({ PolicyDocument }: Properties): boolean {
  return (PolicyDocument.Statement as Statement[]).some(
    ({ Effect, Condition }) => Effect === 'Deny' && JSON.stringify(Condition).includes('"aws:SecureTransport":"false"'),
  );
}

describe('stacks', () => {
  it('a new workload leaves the template of the platform as it is, byte for byte', async () => {
    const dataset = await builtIn.dataset!();
    const { platform } = await synthesize('dev', { workloads: {} });
    expect(JSON.stringify(platform.toJSON())).toBe(JSON.stringify(dev.platform.toJSON()));
    expect(JSON.stringify(platform.toJSON())).not.toContain(dataset.steps.ExtractFrames ? 'ExtractFrames' : '');
  });

  it('share names and parameters, and no exports that would tie one to the other', () => {
    for (const template of templates()) {
      expect(Object.values(template.findOutputs('*')).filter(({ Export }) => Export)).toEqual([]);
      expect(JSON.stringify(template.toJSON())).not.toContain('Fn::ImportValue');
    }
  });

  it('know no account: whoever deploys decides', () => {
    for (const template of templates()) expect(JSON.stringify(template.toJSON())).not.toMatch(/\b\d{12}\b/);
  });

  it('carry who pays for them: project, environment, team and workload', () => {
    const tagsOf = (template: Template, type: string) =>
      ofType(template, type).map(([, { Tags }]) =>
        Object.fromEntries((Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value])),
      );
    for (const tags of tagsOf(dev.platform, 'AWS::S3::Bucket')) {
      expect(tags).toMatchObject({ project: 'stepreel', environment: 'dev', team: 'platform' });
    }
    for (const tags of tagsOf(dev.workloads.dataset!, 'AWS::ECS::TaskDefinition')) {
      expect(tags).toMatchObject({ project: 'stepreel', environment: 'dev', workload: 'dataset' });
    }
  });

  it('build and install nothing while they are deployed (pitfall 52)', () => {
    for (const template of templates()) {
      const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>);
      expect(types.filter(({ Type }) => /^Custom::|CustomResource|CodeBuild/.test(Type))).toEqual([]);
    }
  });
});
