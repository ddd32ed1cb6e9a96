import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { openTeams } from '#adapters/aws/teams';
import { sha256Hex } from '#core/names';
import { clientsAt, startDynamoDb } from '../../helpers/aws-in-process.ts';
import { aTeamsTable } from '../../helpers/aws-resources.ts';

const clients = clientsAt(await startDynamoDb());
const dynamoDb = await clients.dynamoDb();
const table = await aTeamsTable(clients);
const teams = openTeams({ dynamoDb, table });
const perception = { team: 'perception', plan: 'standard', usageKey: 'counts-for-perception' };

for (const credential of [`key#${sha256Hex('secret')}`, 'team#perception']) {
  await dynamoDb.send(new PutCommand({ TableName: table, Item: { credential, ...perception } }));
}

it('knows a team by its API key and by its name', async () => {
  expect(await teams.byApiKey('secret')).toMatchObject(perception);
  expect(await teams.byName('perception')).toMatchObject(perception);
});

it.each(['other', 'perception', sha256Hex('secret'), ''])('knows nobody by the API key %j', async (apiKey) => {
  expect(await teams.byApiKey(apiKey)).toBeUndefined();
});

it.each(['other', '', '#perception', `key#${sha256Hex('secret')}`])('knows nobody by the name %j', async (name) => {
  expect(await teams.byName(name)).toBeUndefined();
});
