import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { openJobStore } from '#adapters/aws/job-store';
import { batchMembersSuite } from '../../conformance/batch-members.ts';
import { aJob, jobStoreSuite } from '../../conformance/job-store.ts';
import { jobPlanSuite } from '../../conformance/job-store-plans.ts';
import { faultyLine, firstTimes, jsonError, type PassingRequest } from '../../helpers/aws-faults.ts';
import { clientsAt, startDynamoDb } from '../../helpers/aws-in-process.ts';
import { aJobsTable } from '../../helpers/aws-resources.ts';

const endpoint = await startDynamoDb();
const clients = clientsAt(endpoint);
const dynamoDb = await clients.dynamoDb();

jobStoreSuite('DynamoDB', async () => openJobStore({ dynamoDb, table: await aJobsTable(clients) }));
batchMembersSuite('DynamoDB', async () => openJobStore({ dynamoDb, table: await aJobsTable(clients) }));
jobPlanSuite('DynamoDB', async () => openJobStore({ dynamoDb, table: await aJobsTable(clients) }));

const record = async (table: string, id = 'toy-1', item = 'job') =>
  (await dynamoDb.send(new GetCommand({ TableName: table, Key: { id, item } }))).Item;

describe('a record', () => {
  const now = () => new Date('2026-01-01T00:00:00.000Z');
  const DAY_SECONDS = 86_400;

  it('is kept for a while after it last changed, its attempts too', async () => {
    const table = await aJobsTable(clients);
    let today = now();
    const store = openJobStore({ dynamoDb, table, retentionDays: 2, now: () => today });
    const inTwoDays = () => today.getTime() / 1000 + 2 * DAY_SECONDS;
    await store.create(aJob());
    await store.nextAttempt('toy-1', 'Cut', 3);
    expect(await record(table)).toMatchObject({ ttl: inTwoDays() });
    expect(await record(table, 'toy-1', 'attempt#Cut#3')).toMatchObject({ ttl: inTwoDays(), latest: 1 });
    today = new Date('2026-01-02T00:00:00.000Z');
    await store.transition('toy-1', 'STARTING');
    expect(await record(table)).toMatchObject({ ttl: inTwoDays() });
  });

  it('stands in the index of queued jobs while it is one, and has its fields by their names', async () => {
    const table = await aJobsTable(clients);
    const store = openJobStore({ dynamoDb, table });
    await store.create(aJob());
    expect(await record(table)).toMatchObject({ queued: 'cpu#normal#default', status: 'QUEUED', team: 'default' });
    await store.transition('toy-1', 'STARTING', { execution: 'toy-1' });
    const started = await record(table);
    expect(started).toMatchObject({ status: 'STARTING', execution: 'toy-1' });
    expect(started).not.toHaveProperty('queued');
    expect(started).toMatchObject({ listed: '2026-01-01T00:00:00.000Z#toy-1' });
  });
});

describe('a list', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

  it('finds the few that fit behind more than DynamoDB looks at in one go', async () => {
    const store = openJobStore({ dynamoDb, table: await aJobsTable(clients) });
    const add = (number: number) => {
      const status = number === 0 || number === 5 ? 'FAILED' : 'SUCCEEDED';
      return store.create(aJob({ id: `toy-${number}`, status, createdAt: at(number) }));
    };
    for (let first = 0; first < 1100; first += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => add(first + index)));
    }
    const query = { team: 'default', status: ['FAILED' as const], limit: 1 };
    const newer = await store.list(query);
    const older = await store.list({ ...query, cursor: newer.next });
    expect([newer, older].map(({ jobs }) => jobs.map(({ id }) => id))).toEqual([['toy-5'], ['toy-0']]);
    expect(older.next).toBeUndefined();
  });

  it('leaves out a job whose record the index has not caught up with', async () => {
    const table = await aJobsTable(clients);
    // The index still says what a job was; its record says what it is.
    const line = await faultyLine(endpoint, async ({ operation, body }) => {
      const isFirstRead = operation === 'GetItem' && JSON.parse(body).Key.id.S === 'toy-2';
      if (isFirstRead) await direct.transition('toy-2', 'STARTING');
      return undefined;
    });
    const direct = openJobStore({ dynamoDb, table });
    const store = openJobStore({ dynamoDb: await clientsAt(line.endpoint).dynamoDb(), table });
    for (const number of [1, 2, 3]) await direct.create(aJob({ id: `toy-${number}`, createdAt: at(number) }));
    const { jobs, next } = await store.list({ team: 'default', status: ['QUEUED'], limit: 2 });
    expect(jobs.map(({ id }) => id)).toEqual(['toy-3', 'toy-1']);
    expect(next).toBeUndefined();
  });
});

describe('on a bad line', () => {
  const writes = ({ operation }: PassingRequest) => ['PutItem', 'UpdateItem'].includes(operation);

  async function overLine(fault: Parameters<typeof faultyLine>[1]) {
    const table = await aJobsTable(clients);
    const line = await faultyLine(endpoint, fault);
    const store = openJobStore({ dynamoDb: await clientsAt(line.endpoint).dynamoDb(), table });
    return { store, direct: openJobStore({ dynamoDb, table }), line };
  }

  it('a job whose recording was not answered is recorded, and it is known by whom', async () => {
    const puts = ({ operation }: PassingRequest) => operation === 'PutItem';
    const { store, line } = await overLine(firstTimes(1, puts, { loseAnswer: true }));
    expect(await store.create(aJob())).toBe(true);
    expect(line.seen.filter(puts)).toHaveLength(2);
    expect(await store.create(aJob({ team: 'other' }))).toBe(false);
  });

  it('a transition whose answer was lost is not taken for a rival’s', async () => {
    const { store, direct } = await overLine(firstTimes(1, writes, { loseAnswer: true }));
    await direct.create(aJob());
    const moved = await store.transition('toy-1', 'STARTING', { execution: 'e-1' });
    expect(moved).toEqual(aJob({ status: 'STARTING', execution: 'e-1' }));
  });

  it('a transition that a rival did first is the rival’s', async () => {
    const busy = firstTimes(1, writes, jsonError('InternalServerError', 500));
    const { store, direct } = await overLine(async (request) => {
      const fault = busy(request);
      // While the service has trouble with ours, the rival's gets through.
      if (fault) await direct.transition('toy-1', 'STARTING', { execution: 'e-1' });
      return fault;
    });
    await direct.create(aJob());
    expect(await store.transition('toy-1', 'STARTING', { execution: 'e-1' })).toBeUndefined();
    expect(await direct.get('toy-1')).toMatchObject({ status: 'STARTING' });
  });

  it('an attempt number whose answer was lost is skipped, not handed out twice', async () => {
    const { store } = await overLine(firstTimes(1, writes, { loseAnswer: true }));
    expect(await store.nextAttempt('toy-1', 'Cut')).toBe(2);
    expect(await store.nextAttempt('toy-1', 'Cut')).toBe(3);
  });

  it('a throttled write is done once there is room', async () => {
    const { store, line } = await overLine(firstTimes(2, writes, jsonError('ProvisionedThroughputExceededException')));
    expect(await store.create(aJob())).toBe(true);
    // The lane's name is one of them.
    expect(line.seen.filter(writes)).toHaveLength(4);
  });

  it('a mistake is not tried again', async () => {
    const { store, line } = await overLine(() => jsonError('AccessDeniedException'));
    await expect(store.get('toy-1')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(line.seen).toHaveLength(1);
  });
});
