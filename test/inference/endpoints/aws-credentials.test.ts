import { expect, it, onTestFinished } from 'vitest';
import { awsCredentials } from '#inference/endpoints/aws-credentials';
import { endpointServer, type Respond } from '../../helpers/endpoint-server.ts';

async function agentThat(respond: Respond) {
  const server = await endpointServer(respond);
  onTestFinished(() => server.close());
  return server;
}

const IN_TASK = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/7' };
const lasting = (ms: number) => ({
  body: { AccessKeyId: 'a', SecretAccessKey: 'b', Token: 'c', Expiration: new Date(Date.now() + ms).toISOString() },
});

it('credentials of the variables come first', async () => {
  const variables = { ...IN_TASK, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  expect(await awsCredentials(variables)()).toEqual({
    accessKeyId: 'a',
    secretAccessKey: 'b',
    sessionToken: undefined,
  });
});

it.each([
  { name: 'are kept while they last', ms: 3_600_000, asked: 1 },
  { name: 'are fetched again shortly before they expire', ms: 60_000, asked: 2 },
])("a task's own $name", async ({ ms, asked }) => {
  const agent = await agentThat(() => lasting(ms));
  const credentials = awsCredentials(IN_TASK, agent.url);
  for (const _ of ['once', 'again'])
    expect(await credentials()).toEqual({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' });
  expect(agent.received.map(({ path }) => path)).toEqual(Array(asked).fill('/v2/credentials/7'));
});

it('an agent that gives none is asked again later, and without either somebody must act', async () => {
  const agent = await agentThat(() => ({ status: 500, body: { message: 'no role' } }));
  await expect(awsCredentials(IN_TASK, agent.url)()).rejects.toMatchObject({ name: 'TransientError' });
  expect(() => awsCredentials({})).toThrow(/AWS_ACCESS_KEY_ID/);
});
