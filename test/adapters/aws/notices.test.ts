import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { openPostponing } from '#adapters/aws/notices-queue';
import { openTeamSecrets } from '#adapters/aws/notices-secrets';
import { openTeams } from '#adapters/aws/teams';
import { clientsAt, startDynamoDb, startS3AndSqs } from '../../helpers/aws-in-process.ts';
import { aTeamsTable } from '../../helpers/aws-resources.ts';

describe('the secrets of teams', () => {
  let table: string;
  let dynamoDb: Awaited<ReturnType<ReturnType<typeof clientsAt>['dynamoDb']>>;
  let made: number;
  beforeAll(async () => {
    const clients = clientsAt(await startDynamoDb());
    dynamoDb = await clients.dynamoDb();
    table = await aTeamsTable(clients);
    made = 0;
  });
  const open = () => openTeamSecrets({ dynamoDb, table, first: () => `whsec_${made++}` });

  it('are made when they are first asked for, another for each team, and stay', async () => {
    const [red] = await open().of('red');
    const [blue] = await open().of('blue');
    expect(red).not.toBe(blue);
    expect(await open().of('red')).toEqual([red]);
  });

  it('are one, however many ask first', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => open().of('green')));
    expect(new Set(all.map(([secret]) => secret)).size).toBe(1);
  });

  it('may be several while one takes the place of another', async () => {
    const secrets = ['whsec_new', 'whsec_old'];
    await dynamoDb.send(new PutCommand({ TableName: table, Item: { credential: 'webhook#grey', secrets } }));
    expect(await open().of('grey')).toEqual(secrets);
  });

  it('are no credential: nobody comes in with them', async () => {
    const [secret] = await open().of('red');
    expect(await openTeams({ dynamoDb, table }).byApiKey(secret)).toBeUndefined();
  });
});

it('a postponed message comes again after its time, and not before', async () => {
  const sqs = await clientsAt(await startS3AndSqs()).sqs();
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'webhooks' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const receive = async (WaitTimeSeconds: number) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, VisibilityTimeout: 600 }))).Messages?.[0];
  const message = await receive(0);
  await openPostponing({ sqs, queueUrl: QueueUrl! })(message!.ReceiptHandle!, 1);
  expect(await receive(0)).toBeUndefined();
  expect(await receive(5)).toMatchObject({ Body: 'x', MessageId: message!.MessageId });
});
