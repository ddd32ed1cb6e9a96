import { describe, expect, it } from 'vitest';
import { openLeases } from '#adapters/aws/leases';
import { poolQuota } from '#core/leases';
import { leasesSuite } from '../../conformance/leases.ts';
import { faultyLine, firstTimes, type PassingRequest } from '../../helpers/aws-faults.ts';
import { clientsAt, startDynamoDb } from '../../helpers/aws-in-process.ts';
import { aJobsTable } from '../../helpers/aws-resources.ts';

const endpoint = await startDynamoDb();
const clients = clientsAt(endpoint);
const dynamoDb = await clients.dynamoDb();

leasesSuite('DynamoDB', async () => openLeases({ dynamoDb, table: await aJobsTable(clients) }));

describe('on a bad line', () => {
  const writes = ({ operation }: PassingRequest) => operation === 'UpdateItem';

  it('a place whose answer was lost is the one that was asked for', async () => {
    const table = await aJobsTable(clients);
    const direct = openLeases({ dynamoDb, table });
    const lease = (holder: string) => ({ holder, jobId: holder, token: holder, until: '2027' });
    await direct.take(poolQuota('cpu'), lease('toy-0'), 2);
    const line = await faultyLine(endpoint, firstTimes(1, writes, { loseAnswer: true }));
    const leases = openLeases({ dynamoDb: await clientsAt(line.endpoint).dynamoDb(), table });
    expect(await leases.take(poolQuota('cpu'), lease('toy-1'), 2)).toBe('taken');
    expect(await direct.held(poolQuota('cpu'))).toEqual([lease('toy-0'), lease('toy-1')]);
  });
});
