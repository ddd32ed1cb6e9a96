import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRecords as openDynamoRecords } from '#adapters/aws/records';
import { openRecords } from '#adapters/local/records';
import { openFolderStore } from '#runtime/outside/folder-store';
import { loadOutside } from '#runtime/outside/outside-workload';
import { openRecordStore } from '#runtime/outside/record-store';
import { workloadStoreSuite } from '../../conformance/workload-store.ts';
import { clientsAt, startDynamoDb } from '../../helpers/aws-in-process.ts';
import { aJobsTable, emptyJobsTable } from '../../helpers/aws-resources.ts';
import { aWorkloadFolder } from '../../helpers/programs.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const localRecords = () => openRecords(join(aFolder(), 'records.sqlite'));

workloadStoreSuite('folders', async () => openFolderStore(join(aFolder(), 'workloads')));
workloadStoreSuite('records in SQLite', async () => openRecordStore(localRecords()));

const clients = clientsAt(await startDynamoDb());
const table = await aJobsTable(clients);
workloadStoreSuite('records in DynamoDB', async () => {
  await emptyJobsTable(clients, table);
  return openRecordStore(openDynamoRecords({ dynamoDb: await clients.dynamoDb(), table }));
});

it('a version that somebody prepares right now is nobody else’s, until that one must be dead', async () => {
  let now = new Date('2026-01-01T00:00:00Z');
  const store = openRecordStore(localRecords(), () => now);
  const workload = await loadOutside(aWorkloadFolder(''));
  const { promise, resolve: finish } = Promise.withResolvers<void>();
  const first = store.add(workload, () => promise);
  await expect.poll(() => store.add(workload).catch(({ message }) => message)).toContain('registered by somebody else');
  now = new Date('2026-01-01T00:05:00Z');
  await store.add(workload);
  finish();
  await first;
  expect(await store.versions('own-model')).toEqual(['0.1.0']);
});

it('a definition that no record holds is refused before anything is made of it', async () => {
  const store = openRecordStore(localRecords());
  const workload = await loadOutside(aWorkloadFolder('', { description: 'x'.repeat(300_000) }));
  const prepare = () => Promise.reject(new Error('it was made'));
  await expect(store.add(workload, prepare)).rejects.toThrow(/have 300\d{3} bytes as JSON; at most 300000/);
});
