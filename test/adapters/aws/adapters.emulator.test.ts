import { afterAll, describe, expect, it } from 'vitest';
import { openArtifactStore } from '#adapters/aws/artifact-store';
import { openClients } from '#adapters/aws/clients';
import { openDeadLetters } from '#adapters/aws/dead-letters';
import { openExecutions } from '#adapters/aws/executions';
import { openJobStore } from '#adapters/aws/job-store';
import { openRecords } from '#adapters/aws/records';
import { openInput } from '#adapters/aws/s3-inputs';
import { openUploads } from '#adapters/aws/uploads';
import { artifactStoreSuite } from '../../conformance/artifact-store.ts';
import { batchMembersSuite } from '../../conformance/batch-members.ts';
import { deadLettersSuite } from '../../conformance/dead-letters.ts';
import { executionsSuite } from '../../conformance/executions.ts';
import { jobStoreSuite } from '../../conformance/job-store.ts';
import { jobPlanSuite } from '../../conformance/job-store-plans.ts';
import { recordsSuite } from '../../conformance/records.ts';
import { uploadsSuite } from '../../conformance/uploads.ts';
import {
  aBucket,
  aJobsTable,
  anObject,
  aQueue,
  emptyBucket,
  emptyJobsTable,
  keepVersions,
  removeWhatWasMade,
  someMachines,
} from '../../helpers/aws-resources.ts';

// An emulator takes any role; on AWS it is one that Step Functions may assume.
const { AWS_ENDPOINT_URL, STEPREEL_TEST_ROLE = 'arn:aws:iam::000000000000:role/stepreel-test' } = process.env;

const clients = openClients();

/** What is made for the first test and emptied for each later one. */
function reused<T>(make: () => Promise<T>, empty: (made: T) => Promise<unknown>): () => Promise<T> {
  let first: Promise<T> | undefined;
  return async () => {
    if (first) await empty(await first);
    first ??= make();
    return await first;
  };
}

describe.skipIf(!AWS_ENDPOINT_URL)('the services under AWS_ENDPOINT_URL', () => {
  afterAll(removeWhatWasMade);

  const jobsTable = reused(
    () => aJobsTable(clients),
    (table) => emptyJobsTable(clients, table),
  );
  jobStoreSuite('DynamoDB', async () => openJobStore({ dynamoDb: await clients.dynamoDb(), table: await jobsTable() }));
  jobPlanSuite('DynamoDB', async () => openJobStore({ dynamoDb: await clients.dynamoDb(), table: await jobsTable() }));

  batchMembersSuite('DynamoDB', async () =>
    openJobStore({ dynamoDb: await clients.dynamoDb(), table: await jobsTable() }),
  );
  recordsSuite('DynamoDB', async (now) =>
    openRecords({ dynamoDb: await clients.dynamoDb(), table: await jobsTable(), now }),
  );

  const buckets = reused(
    async () => ({
      workBucket: await aBucket(clients, 'work'),
      resultsBucket: await aBucket(clients, 'results'),
      uploads: await aBucket(clients, 'uploads'),
    }),
    async (made) => await Promise.all(Object.values(made).map((bucket) => emptyBucket(clients, bucket))),
  );
  artifactStoreSuite('S3', async () => {
    const { uploads, ...others } = await buckets();
    return {
      store: openArtifactStore({ s3: await clients.s3(), ...others }),
      inputOf: (name, bytes) => anObject(clients, uploads, `uploads/team/${name}`, bytes),
    };
  });

  uploadsSuite('S3', async () => {
    const { uploads: uploadsBucket, ...others } = await buckets();
    const s3 = await clients.s3();
    return {
      uploads: openUploads({ s3, uploadsBucket, ...others }),
      send: (url, init) => fetch(url, init),
      async read(uri) {
        const source = await openInput(s3, { name: 'clip.mp4', uri });
        return Buffer.from(await source.read(0, source.size));
      },
      leastPartBytes: 5 * 1024 ** 2,
    };
  });

  it('an input can name a version of its object that was replaced', async () => {
    const bucket = await aBucket(clients, 'versions');
    await keepVersions(clients, bucket);
    const { name, uri, version } = await anObject(clients, bucket, 'clip.mp4', 'first');
    await anObject(clients, bucket, 'clip.mp4', 'second');
    const source = await openInput(await clients.s3(), { name, uri: `${uri}?versionId=${version}` });
    expect(Buffer.from(await source.read(0, source.size)).toString()).toBe('first');
  });

  deadLettersSuite('SQS', async () => openDeadLetters({ sqs: await clients.sqs(), queueUrl: await aQueue(clients) }));

  const definitions = {
    succeeds: {
      StartAt: 'Keep',
      States: { Keep: { Type: 'Pass', Parameters: { done: true }, Next: 'Last' }, Last: { Type: 'Succeed' } },
    },
    fails: { StartAt: 'Break', States: { Break: { Type: 'Fail', Error: 'ModelError', Cause: 'another digest' } } },
    hangs: { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 3600, End: true } } },
  };
  const machines = reused(
    () => someMachines(clients, { roleArn: STEPREEL_TEST_ROLE, definitions }),
    async () => {},
  );
  executionsSuite(
    'Step Functions',
    async () =>
      openExecutions({
        stepFunctions: await clients.stepFunctions(),
        ecs: clients.ecs,
        machines: await machines(),
      }),
    { beginAnywhere: false },
  );
});
