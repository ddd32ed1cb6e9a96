import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256Hex } from '#core/names';
import { authorizerHandler } from '#runtime/authorizer';
import { openAwsPlatform, openAwsTeams } from '#runtime/aws-platform';
import { openEnvironment } from '#runtime/environment';
import { jobsApiHandler } from '#runtime/jobs-api/lambda';
import { settlementHandler } from '#runtime/settlement';
import { sweepHandler } from '#runtime/sweep';
import { uploadTriggerHandler } from '#runtime/upload-trigger';
import { aJob } from '../conformance/job-store.ts';
import { clientsAt, startDynamoDb, startS3AndSqs } from '../helpers/aws-in-process.ts';
import { startJsonService } from '../helpers/aws-json-service.ts';
import { aBucket, aJobsTable, aQueue, aTeamsTable } from '../helpers/aws-resources.ts';
import { context, keepLog } from '../helpers/lambda.ts';
import { toyWorkloads } from '../helpers/toy/platform.ts';

const lines = keepLog();
const variables: Record<string, string> = {};
/** What the bus was told of. */
const told: string[] = [];

// The doors as they are on AWS: what they need they find in their environment. Of Step Functions only histories are here.
beforeAll(async () => {
  const [s3AndSqs, dynamoDb] = [await startS3AndSqs(), await startDynamoDb()];
  const [objects, tables] = [clientsAt(s3AndSqs), clientsAt(dynamoDb)];
  await (await tables.dynamoDb()).send(
    new CreateTableCommand({
      TableName: 'idempotency',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  Object.assign(variables, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: s3AndSqs,
    AWS_ENDPOINT_URL_SQS: s3AndSqs,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb,
    STEPREEL_STAGE: 'dev',
    STEPREEL_JOBS_TABLE: await aJobsTable(tables),
    STEPREEL_IDEMPOTENCY_TABLE: 'idempotency',
    STEPREEL_TEAMS_TABLE: await aTeamsTable(tables),
    STEPREEL_WORK_BUCKET: await aBucket(objects, 'work'),
    STEPREEL_RESULTS_BUCKET: await aBucket(objects, 'results'),
    STEPREEL_UPLOADS_BUCKET: await aBucket(objects, 'uploads'),
    STEPREEL_MODELS_BUCKET: await aBucket(objects, 'models'),
    STEPREEL_DEAD_LETTERS: await aQueue(objects),
    STEPREEL_LIMITS: '{"cpu":9,"gpu":1,"team":5,"queued":100}',
    STEPREEL_EVENT_BUS: 'stepreel-dev',
    STEPREEL_LOG_GROUPS: '/stepreel/dev/',
    AWS_ENDPOINT_URL_EVENTBRIDGE: await startJsonService({
      PutEvents({ Entries }: { Entries: { DetailType: string; Detail: string }[] }) {
        told.push(...Entries.map(({ DetailType, Detail }) => `${DetailType} ${JSON.parse(Detail).job.id}`));
        return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
      },
    }),
    // Settlement charges by what executions did; these did nothing but begin.
    AWS_ENDPOINT_URL_SFN: await startJsonService({
      GetExecutionHistory: () => ({
        events: [
          { id: 1, timestamp: 1767225600, type: 'ExecutionStarted', executionStartedEventDetails: { input: '{}' } },
        ],
      }),
    }),
    STEPREEL_STATE_MACHINES: 'arn:aws:states:us-east-1:000000000000:stateMachine:stepreel-dev-',
    STEPREEL_USER_POOL: 'us-east-1_AbCdEfGhI',
    STEPREEL_USER_POOL_CLIENT: 'client-1',
  });
  const item = { credential: `key#${sha256Hex('key-of-red')}`, team: 'red', plan: 'standard', usageKey: 'usage-red' };
  await (await tables.dynamoDb()).send(new PutCommand({ TableName: variables.STEPREEL_TEAMS_TABLE, Item: item }));
});

beforeEach(() => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});

const ID = `toy-${'0'.repeat(31)}`;

describe('the jobs API behind API Gateway', () => {
  let api: ReturnType<typeof jobsApiHandler>;
  beforeEach(() => {
    api = jobsApiHandler(toyWorkloads);
  });

  const gatewayEvent = (httpMethod: string, path: string, { team, body }: { team?: string; body?: unknown } = {}) => ({
    version: '1.0',
    resource: '/{proxy+}',
    httpMethod,
    path,
    headers: { Host: 'api', 'Content-Type': 'application/json', 'x-team': 'blue' },
    multiValueHeaders: {},
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { path: `/dev${path}`, stage: 'dev', authorizer: team ? { team, plan: 'standard' } : {} },
  });
  const ask = async (...question: Parameters<typeof gatewayEvent>) => {
    const { statusCode, body } = await api(gatewayEvent(...question) as never, context);
    return { status: statusCode, body: JSON.parse(body) };
  };

  it('is well', async () => {
    expect(await ask('GET', '/health')).toMatchObject({
      status: 200,
      body: { status: 'ok', dependencies: { jobs: 'ok', artifacts: 'ok', queue: 'ok' } },
    });
    expect(lines()).toMatchObject([
      { message: 'answered', env: 'dev', phase: 'jobs-api', correlationId: 'request-1', path: '/health', status: 200 },
    ]);
  });

  it("knows the team from the authorizer's word alone", async () => {
    const { jobs } = await openAwsPlatform();
    await jobs.create(aJob({ id: `${ID}1`, team: 'red', status: 'RUNNING', execution: `${ID}1` }));
    expect(await ask('GET', `/jobs/${ID}1`, { team: 'red' })).toMatchObject({ status: 200, body: { team: 'red' } });
    expect((await ask('GET', `/jobs/${ID}1`, { team: 'blue' })).status).toBe(404);
    expect((await ask('GET', `/jobs/${ID}1`)).status).toBe(401);
  });

  it('signs uploads for the team, and takes no input of another one', async () => {
    const upload = await ask('POST', '/uploads', { team: 'red', body: { name: 'a.txt', mediaType: 'text/plain' } });
    expect(upload.status).toBe(201);
    const body = { workload: 'toy', input: upload.body.uri };
    expect((await ask('POST', '/jobs', { team: 'blue', body })).body.problems).toEqual([
      expect.stringMatching(/is no upload of the team blue/),
    ]);
  });
});

it('the authorizer knows a team by its key', async () => {
  const authorize = authorizerHandler();
  const request = {
    methodArn: 'arn:aws:execute-api:us-east-1:1:a/dev/GET/jobs',
    headers: { 'x-api-key': 'key-of-red' },
  };
  expect(await authorize(request, context)).toMatchObject({ principalId: 'red', usageIdentifierKey: 'usage-red' });
  expect(await (await openAwsTeams()).byApiKey('other')).toBeUndefined();
});

it('settlement records an end once, however often it is told', async () => {
  const { jobs } = await openAwsPlatform();
  const id = `${ID}2`;
  await jobs.create(aJob({ id, status: 'CANCELING', execution: id }));
  const event = {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    time: '2026-01-01T00:01:00Z',
    detail: {
      executionArn: `arn:${id}`,
      stateMachineArn: 'arn:toy',
      name: id,
      status: 'ABORTED',
      input: JSON.stringify({ jobId: id, plan: {} }),
      output: null,
    },
  };
  const record = { messageId: 'm-0', body: JSON.stringify(event) };
  expect(await settlementHandler(toyWorkloads)({ Records: [record, record] }, context)).toEqual({
    batchItemFailures: [],
  });
  expect(await jobs.get(id)).toMatchObject({ status: 'CANCELED', endedAt: '2026-01-01T00:01:00Z', charge: { usd: 0 } });
  expect(told.filter((each) => each.endsWith(id))).toEqual([`job-end ${id}`]);
});

it('the upload trigger records what it can not make a job of', async () => {
  const detail = {
    bucket: { name: variables.STEPREEL_UPLOADS_BUCKET },
    object: { key: 'incoming/toy/a.pdf', etag: 'e' },
  };
  const body = JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail });
  const trigger = uploadTriggerHandler(toyWorkloads);
  expect(await trigger({ Records: [{ messageId: 'm-0', body }] }, context)).toEqual({ batchItemFailures: [] });
  expect(lines().at(-1)).toMatchObject({ jobStatus: 'REJECTED' });
});

it('the sweep finds nothing to start', async () => {
  expect(await sweepHandler(toyWorkloads)({}, context)).toEqual({
    started: [],
    waiting: [],
    failed: [],
    settled: [],
    released: [],
  });
});

it('a step has the same stores', async () => {
  const environment = await openEnvironment({ ...variables, STEPREEL_SCRATCH: '/scratch' });
  await environment.artifacts.putBytes(`jobs/${ID}3/steps/Cut/attempt-1/a.txt`, 'a', { result: 'a.txt' });
  const { artifacts } = await openAwsPlatform();
  expect(Buffer.from(await artifacts.read(`jobs/${ID}3/steps/Cut/attempt-1/a.txt`)).toString()).toBe('a');
  expect(environment.scratchFolder).toBe('/scratch');
});

it.each(['tpu', 'GPU'])('steps are not planned on a %s', async (device) => {
  await expect(openAwsPlatform({ ...variables, STEPREEL_DEVICE: device })).rejects.toThrow(/expected cpu or gpu/);
});
