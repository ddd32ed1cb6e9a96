import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { AwsClients } from '#adapters/aws/clients';

const made: (() => Promise<unknown>)[] = [];

/** Removes all that was made here, for services that outlive the test. */
export async function removeWhatWasMade(): Promise<void> {
  for (const remove of made.splice(0).reverse()) await remove();
}

const newName = (what: string) => `stepreel-test-${what}-${randomUUID().slice(0, 8)}`;

/** A new empty bucket. */
export async function aBucket(clients: AwsClients, what: string): Promise<string> {
  const Bucket = newName(what);
  const s3 = await clients.s3();
  await s3.send(new CreateBucketCommand({ Bucket }));
  made.push(async () => {
    await emptyBucket(clients, Bucket);
    await s3.send(new DeleteBucketCommand({ Bucket }));
  });
  return Bucket;
}

/** Lets a bucket keep earlier versions of its objects. */
export async function keepVersions(clients: AwsClients, bucket: string): Promise<void> {
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await (await clients.s3()).send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
}

/** Deletes all objects and all versions of them, also where a service knows of no versions. */
export async function emptyBucket(clients: AwsClients, Bucket: string): Promise<void> {
  const s3 = await clients.s3();
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    if (Versions.length + DeleteMarkers.length === 0) return;
    for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    }
  }
}

/** Puts an object as somebody outside would, and names it as a job's input. */
export async function anObject(clients: AwsClients, bucket: string, key: string, body: Uint8Array | string) {
  const put = await (await clients.s3()).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  return { name: key.slice(key.lastIndexOf('/') + 1), uri: `s3://${bucket}/${key}`, version: put.VersionId };
}

/** A new empty queue. @returns its URL. */
export async function aQueue(clients: AwsClients): Promise<string> {
  const sqs = await clients.sqs();
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: newName('letters') }));
  made.push(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  return QueueUrl!;
}

/** A new table with the keys and the indexes of the jobs. */
export async function aJobsTable(clients: AwsClients): Promise<string> {
  return await aTable(clients, {
    AttributeDefinitions: ['id', 'item', 'queued', 'createdAt', 'team', 'listed', 'batch'].map((name) => ({
      AttributeName: name,
      AttributeType: 'S' as const,
    })),
    KeySchema: keys('id', 'item'),
    GlobalSecondaryIndexes: [
      { IndexName: 'queued', KeySchema: keys('queued', 'createdAt'), Projection: { ProjectionType: 'KEYS_ONLY' } },
      {
        IndexName: 'by-team',
        KeySchema: keys('team', 'listed'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status', 'workload', 'project'] },
      },
      {
        IndexName: 'by-batch',
        KeySchema: keys('batch', 'listed'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status', 'workload', 'project', 'team'] },
      },
    ],
  });
}

/** A new table with the key of the teams. */
export async function aTeamsTable(clients: AwsClients): Promise<string> {
  return await aTable(clients, {
    AttributeDefinitions: [{ AttributeName: 'credential', AttributeType: 'S' }],
    KeySchema: keys('credential'),
  });
}

type TableShape = Pick<
  ConstructorParameters<typeof CreateTableCommand>[0],
  'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes'
>;

async function aTable(clients: AwsClients, shape: TableShape): Promise<string> {
  const TableName = newName('table');
  const client = await clients.dynamoDb();
  await client.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', ...shape }));
  made.push(() => client.send(new DeleteTableCommand({ TableName })));
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 1 }, { TableName });
  return TableName;
}

/** Deletes all records of jobs. */
export async function emptyJobsTable(clients: AwsClients, TableName: string): Promise<void> {
  const client = await clients.dynamoDb();
  const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  for (const { id, item } of Items) await client.send(new DeleteCommand({ TableName, Key: { id, item } }));
}

/** State machines with a live version each, by workload. @returns the part of their ARNs before the workload. */
export async function someMachines(
  clients: AwsClients,
  { roleArn, definitions }: { roleArn: string; definitions: Record<string, object> },
): Promise<string> {
  const client = await clients.stepFunctions();
  const prefix = `${newName('machines')}-`;
  let arns = '';
  for (const [workload, definition] of Object.entries(definitions)) {
    const { stateMachineArn, stateMachineVersionArn } = await client.send(
      new CreateStateMachineCommand({
        name: prefix + workload,
        definition: JSON.stringify(definition),
        roleArn,
        publish: true,
      }),
    );
    made.push(() => client.send(new DeleteStateMachineCommand({ stateMachineArn })));
    const routingConfiguration = [{ stateMachineVersionArn, weight: 100 }];
    await client.send(new CreateStateMachineAliasCommand({ name: 'live', routingConfiguration }));
    arns = stateMachineArn!.slice(0, -workload.length);
  }
  return arns;
}

function keys(partition: string, sort?: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' as const },
    ...(sort ? [{ AttributeName: sort, KeyType: 'RANGE' as const }] : []),
  ];
}
