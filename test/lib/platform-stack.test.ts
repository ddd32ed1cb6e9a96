import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { MOST_ATTEMPTS } from '#core/notices';
import { ALARMS } from '../../lib/constructs/alarms.ts';
import { SETTINGS } from '../../lib/settings.ts';
import { ofType, type Properties, synthesize } from './synthesize.ts';

let platform: Template;
let dataset: Template;

beforeAll(async () => {
  const made = await synthesize('dev');
  platform = made.platform;
  dataset = made.workloads.dataset!;
});

describe('queues', () => {
  it('every queue that is worked on has a dead-letter queue: some receives, 14 days, alarmed above zero (pitfall 51)', () => {
    const queues = Object.fromEntries(ofType(platform, 'AWS::SQS::Queue'));
    const worked = Object.values(queues).filter(({ RedrivePolicy }) => RedrivePolicy);
    expect(worked.map(({ QueueName }) => QueueName).sort()).toEqual([
      'stepreel-dev-batches',
      'stepreel-dev-settlements',
      'stepreel-dev-uploads',
      'stepreel-dev-webhooks',
    ]);
    const ends = Object.entries(queues).filter(([, { RedrivePolicy }]) => !RedrivePolicy);
    for (const { QueueName, RedrivePolicy } of worked) {
      expect(RedrivePolicy.maxReceiveCount).toBe(QueueName === 'stepreel-dev-webhooks' ? MOST_ATTEMPTS : 3);
      expect(ends.map(([id]) => id)).toContain(RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0]);
    }
    const alarms = ofType(platform, 'AWS::CloudWatch::Alarm').map(([, alarm]) => alarm);
    expect(ends).toHaveLength(5);
    for (const [id, { MessageRetentionPeriod, QueueName }] of ends) {
      expect(MessageRetentionPeriod).toBe(14 * 24 * 60 * 60);
      const watching = alarms.filter(({ Dimensions }) => JSON.stringify(Dimensions ?? '').includes(`"${id}"`));
      expect(watching, QueueName).toHaveLength(1);
      expect(watching[0]).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
      });
    }
  });

  it('a message does not come back while its function may still work on it', () => {
    const timeouts = ofType(platform, 'AWS::Lambda::Function').map(([, { Timeout }]) => Timeout as number);
    const consumers = ofType(platform, 'AWS::Lambda::EventSourceMapping');
    expect(consumers).toHaveLength(4);
    for (const [, { FunctionResponseTypes }] of consumers) {
      expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
    const visible = ofType(platform, 'AWS::SQS::Queue').flatMap(([, { VisibilityTimeout }]) => VisibilityTimeout ?? []);
    expect(Math.min(...visible)).toBeGreaterThanOrEqual(6 * 60);
    // The sweep and orders have no queue; batches have one, whose messages are away for longer.
    expect(timeouts.filter((seconds) => seconds > 60).sort()).toEqual([120, 300, 300]);
  });
});

describe('notices', () => {
  const functionPolicy = (name: string) =>
    JSON.stringify(ofType(platform, 'AWS::IAM::Policy').filter(([id]) => id.startsWith(`Functions${name}Role`)));

  it('go to a bus of the stage, and those that a receiver waits for from there to the queue of webhooks', () => {
    expect(ofType(platform, 'AWS::Events::EventBus').map(([, { Name }]) => Name)).toEqual(['stepreel-dev']);
    const rule = ofType(platform, 'AWS::Events::Rule').find(([, { Name }]) => Name === 'stepreel-dev-webhooks')![1];
    expect(rule.EventPattern).toEqual({ source: ['stepreel'], detail: { webhook: [true] } });
    expect(rule.EventBusName).toBeDefined();
    expect(JSON.stringify(rule.Targets[0].Arn)).toContain('webhooks');
    expect(rule.Targets[0].DeadLetterConfig).toBeDefined();
  });

  it('are posted by a function that reads jobs and secrets of webhooks, and no credential of a team (pitfall 54)', () => {
    const policy = functionPolicy('webhooks');
    expect(policy).toContain('{"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["webhook#*"]}}');
    for (const action of ['dynamodb:Query', 'dynamodb:Scan', 'events:PutEvents', 's3:', 'states:']) {
      expect(policy).not.toContain(action);
    }
  });

  it('are told by whoever starts and settles jobs, on that bus alone', () => {
    for (const name of ['jobsapi', 'settlement', 'sweep', 'uploadtrigger']) {
      expect(functionPolicy(name), name).toMatch(
        /"events:PutEvents","Effect":"Allow","Resource":{"Fn::Join":\["",\[[^\]]*:event-bus\/stepreel-dev"\]/,
      );
    }
  });
});

describe('alarms', () => {
  const alarms = () => [platform, dataset].flatMap((template) => ofType(template, 'AWS::CloudWatch::Alarm'));

  it('each kind that is announced is there, and no other', () => {
    const kinds = alarms().map(([, { AlarmDescription }]) => AlarmDescription);
    expect(new Set(kinds)).toEqual(new Set(Object.values(ALARMS)));
  });

  it('each tells the topic when it begins and when it is over, and is quiet where there is no data', () => {
    for (const [id, { AlarmActions, OKActions, TreatMissingData }] of alarms()) {
      expect(AlarmActions, id).toHaveLength(1);
      expect(OKActions, id).toEqual(AlarmActions);
      expect(TreatMissingData, id).toBe('notBreaching');
    }
  });

  it.each([
    ['stepreel-dev-queue-age-uploads', 300, 'GreaterThanThreshold'],
    ['stepreel-dev-queue-depth-settlements', 1000, 'GreaterThanThreshold'],
    ['stepreel-dev-api-errors', 0.05, 'GreaterThanThreshold'],
    ['stepreel-dev-gpu-use-warning', 85, 'GreaterThanThreshold'],
    ['stepreel-dev-gpu-use-critical', 95, 'GreaterThanThreshold'],
    ['stepreel-dev-gpu-idle', 5, 'LessThanThreshold'],
    ['stepreel-dev-dataset-error-rate', 5, 'GreaterThanThreshold'],
    ['stepreel-dev-dataset-success-rate-warning', 90, 'LessThanThreshold'],
    ['stepreel-dev-dataset-success-rate-critical', 80, 'LessThanThreshold'],
    ['stepreel-dev-dataset-job-duration', 7_200_000, 'GreaterThanThreshold'],
    ['stepreel-dev-dataset-step-duration-warning-ValidateInput', 30, 'GreaterThanThreshold'],
    ['stepreel-dev-dataset-step-duration-critical-ValidateInput', 60, 'GreaterThanThreshold'],
    // 75 and 90 percent of 65 GiB.
    ['stepreel-dev-dataset-storage-warning-ExtractFrames', 48.75, 'GreaterThanThreshold'],
    ['stepreel-dev-dataset-storage-critical-ExtractFrames', 58.5, 'GreaterThanThreshold'],
  ])('%s is raised at %d', (name, threshold, comparison) => {
    const found = alarms().filter(([, { AlarmName }]) => AlarmName === name);
    expect(found).toHaveLength(1);
    expect(found[0]![1]).toMatchObject({ Threshold: threshold, ComparisonOperator: comparison });
  });
});

describe('the network', () => {
  it('spans the three zones of the settings, and gives tasks no way in from the internet', () => {
    const subnets = ofType(platform, 'AWS::EC2::Subnet').map(([, subnet]) => subnet);
    expect(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(SETTINGS.dev.zones);
    expect(subnets.map(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch)).toEqual([false, false, false]);
    for (const [, group] of ofType(platform, 'AWS::EC2::SecurityGroup')) {
      expect(JSON.stringify(group.SecurityGroupIngress ?? [])).not.toContain('0.0.0.0/0');
    }
  });

  it('reaches what a task needs by endpoints, images and media among it (pitfall 42)', () => {
    const services = ofType(platform, 'AWS::EC2::VPCEndpoint').map(([, { ServiceName }]) =>
      JSON.stringify(ServiceName),
    );
    for (const service of ['s3', 'dynamodb', 'ecr.api', 'ecr.dkr', 'logs']) {
      expect(
        services.filter((name) => name.includes(`.${service}"`)),
        service,
      ).toHaveLength(1);
    }
  });
});

describe('buckets', () => {
  it('forget what the settings say, and what was uploaded by half after a day (pitfall 31)', () => {
    const buckets = ofType(platform, 'AWS::S3::Bucket');
    const rulesOf = (use: string) => {
      const found = buckets.find(([, { BucketName }]) => JSON.stringify(BucketName).includes(`stepreel-dev-${use}-`));
      return found![1].LifecycleConfiguration.Rules as Properties[];
    };
    expect(rulesOf('uploads')[0]).toMatchObject({ ExpirationInDays: 30 });
    expect(rulesOf('work')[0]).toMatchObject({ ExpirationInDays: 7 });
    expect(rulesOf('results')[0]!.Transitions.map((one: Record<string, unknown>) => one.TransitionInDays)).toEqual([
      30, 120,
    ]);
    for (const use of ['uploads', 'work', 'results', 'models']) {
      const abandoned = rulesOf(use).map((rule) => rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation);
      expect(abandoned, use).toContain(1);
    }
  });

  it('only uploads become events, and only those under incoming/ become jobs (pitfall 30)', () => {
    const announcing = ofType(platform, 'AWS::S3::Bucket').filter(([, bucket]) => bucket.NotificationConfiguration);
    expect(announcing.map(([, { BucketName }]) => JSON.stringify(BucketName))).toEqual([
      expect.stringContaining('stepreel-dev-uploads-'),
    ]);
    const rule = ofType(platform, 'AWS::Events::Rule').find(([, { Name }]) => Name === 'stepreel-dev-uploads')![1];
    expect(rule.EventPattern.detail.object.key).toEqual([{ prefix: 'incoming/' }]);
  });
});

describe('the tables', () => {
  it('can be wound back to any second, and forget by their own clock', () => {
    for (const [, table] of ofType(platform, 'AWS::DynamoDB::Table')) {
      expect(table.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
    }
    const ttl = ofType(platform, 'AWS::DynamoDB::Table').map(
      ([, table]) => table.TimeToLiveSpecification?.AttributeName,
    );
    expect(ttl.sort()).toEqual(['expiration', 'ttl', undefined]);
  });

  it('list the jobs of a team in order, without a write for each report of progress', () => {
    const tables = ofType(platform, 'AWS::DynamoDB::Table').map(([, table]) => table);
    const jobs = tables.find(({ TableName }) => TableName === 'stepreel-dev-jobs')!;
    const [byTeam] = jobs.GlobalSecondaryIndexes.filter((index: Properties) => index.IndexName === 'by-team');
    expect(byTeam).toMatchObject({
      KeySchema: [
        { AttributeName: 'team', KeyType: 'HASH' },
        { AttributeName: 'listed', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status', 'workload', 'project'] },
    });
  });

  it('may be asked by every index that they have', () => {
    const policies = JSON.stringify(ofType(platform, 'AWS::IAM::Policy').map(([, policy]) => policy));
    const tables = ofType(platform, 'AWS::DynamoDB::Table').map(([, table]) => table);
    const indexes = tables.flatMap(({ GlobalSecondaryIndexes = [] }) => GlobalSecondaryIndexes as Properties[]);
    expect(indexes).toHaveLength(3);
    for (const { IndexName } of indexes) expect(policies).toContain(`table/stepreel-dev-jobs/index/${IndexName}`);
  });
});

describe('the cluster', () => {
  it('has GPU machines that come from zero, one at a time, and are released (pitfalls 6 and 7)', () => {
    const [[, group]] = ofType(platform, 'AWS::AutoScaling::AutoScalingGroup') as [[string, Properties]];
    expect(group).toMatchObject({ MinSize: '0', MaxSize: '2' });
    const [[, provider]] = ofType(platform, 'AWS::ECS::CapacityProvider') as [[string, Properties]];
    expect(provider).toMatchObject({
      Name: 'stepreel-dev-gpu',
      AutoScalingGroupProvider: {
        ManagedScaling: { Status: 'ENABLED', MaximumScalingStepSize: 1, TargetCapacity: 100 },
        ManagedDraining: 'ENABLED',
      },
    });
  });
});

describe('the API', () => {
  const methods = () => ofType(platform, 'AWS::ApiGateway::Method').map(([, method]) => method);

  it('asks who it is and counts by team, everywhere but at the page, shared links and three paths', () => {
    const open = methods().filter(({ AuthorizationType }) => AuthorizationType === 'NONE');
    expect(open.map(({ HttpMethod }) => HttpMethod)).toEqual(Array(6).fill('GET'));
    for (const { AuthorizationType, ApiKeyRequired } of methods().filter((one) => !open.includes(one))) {
      expect({ AuthorizationType, ApiKeyRequired }).toEqual({ AuthorizationType: 'CUSTOM', ApiKeyRequired: true });
    }
  });

  it('caches no answer of the authorizer, since a request shows one of two headers', () => {
    const [[, authorizer]] = ofType(platform, 'AWS::ApiGateway::Authorizer') as [[string, Properties]];
    expect(authorizer).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
    expect(authorizer.IdentitySource ?? '').toBe('');
  });

  it('answers travel compressed', () => {
    const [[, api]] = ofType(platform, 'AWS::ApiGateway::RestApi') as [[string, Properties]];
    expect(api.MinimumCompressionSize).toBe(1024);
  });

  it('is logged, traced, throttled and validated', () => {
    const [[, stage]] = ofType(platform, 'AWS::ApiGateway::Stage') as [[string, Properties]];
    expect(stage.AccessLogSetting.Format).toContain('requestId');
    expect(stage.TracingEnabled).toBe(true);
    expect(stage.MethodSettings[0].ThrottlingRateLimit).toBeGreaterThan(0);
    for (const { RequestValidatorId } of methods()) expect(RequestValidatorId).toBeDefined();
  });

  it('answers with problem documents that are JSON when API Gateway answers by itself', () => {
    const responses = ofType(platform, 'AWS::ApiGateway::GatewayResponse');
    expect(responses.length).toBeGreaterThan(5);
    for (const [, { ResponseTemplates, StatusCode }] of responses) {
      const answer = ResponseTemplates['application/json'].replace(
        '$context.error.messageString',
        '"said by API Gateway"',
      );
      expect(JSON.parse(answer)).toMatchObject({ status: Number(StatusCode), detail: 'said by API Gateway' });
    }
  });
});
