import { expect, it } from 'vitest';
import { openJobStore } from '#adapters/aws/job-store';
import { openRecords } from '#adapters/aws/records';
import { aJob } from '../../conformance/job-store.ts';
import { recordsSuite } from '../../conformance/records.ts';
import { faultyLine, firstTimes, type PassingRequest } from '../../helpers/aws-faults.ts';
import { clientsAt, startDynamoDb } from '../../helpers/aws-in-process.ts';
import { aJobsTable } from '../../helpers/aws-resources.ts';

const endpoint = await startDynamoDb();
const clients = clientsAt(endpoint);
const dynamoDb = await clients.dynamoDb();

recordsSuite('DynamoDB', async (now) => openRecords({ dynamoDb, table: await aJobsTable(clients), now }));

it('lie in the table of the jobs, and no list of jobs has them', async () => {
  const table = await aJobsTable(clients);
  const [records, jobs] = [openRecords({ dynamoDb, table }), openJobStore({ dynamoDb, table })];
  await jobs.create(aJob({ team: 'red' }));
  await records.create('batch', { id: 'b-1', team: 'red', value: {} });
  expect((await jobs.list({ team: 'red', limit: 9 })).jobs.map(({ id }) => id)).toEqual(['toy-1']);
  expect(await jobs.get('batch#b-1')).toBeUndefined();
});

it('a change whose answer was lost is made once', async () => {
  const table = await aJobsTable(clients);
  const writes = ({ operation }: PassingRequest) => operation === 'UpdateItem';
  const line = await faultyLine(endpoint, firstTimes(1, writes, { loseAnswer: true }));
  const records = openRecords({ dynamoDb: await clientsAt(line.endpoint).dynamoDb(), table });
  await records.create('note', { id: 'n-1', team: 'red', value: 1 });
  expect((await records.update<number>('note', 'n-1', (value) => value + 1))!.value).toBe(2);
  expect((await records.get('note', 'n-1'))!.value).toBe(2);
});

it('no record has an id that is longer than a key may be', async () => {
  const records = openRecords({ dynamoDb, table: await aJobsTable(clients) });
  expect(await records.get('note', 'x'.repeat(5000))).toBeUndefined();
});
