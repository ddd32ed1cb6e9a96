import { describe, expect, it } from 'vitest';
import { authorizerHandler } from '#runtime/authorizer';
import { context, keepLog } from '../helpers/lambda.ts';

const lines = keepLog();
const red = { team: 'red', plan: 'standard', usageKey: 'usage-red' };
const methodArn = 'arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/POST/jobs';

const authorize = (headers: Record<string, string> | null) =>
  authorizerHandler(async () => ({
    teams: {
      byApiKey: async (key) => (key === 'key-of-red' ? red : undefined),
      byName: async (name) => (name === 'red' ? red : undefined),
    },
    tokens: { teamOf: async (token) => ({ good: 'red', groupless: undefined, stranger: 'nobody' })[token] },
  }))({ type: 'REQUEST', methodArn, headers, requestContext: {} }, context);

describe('the authorizer', () => {
  it.each([
    { name: 'an API key', headers: { 'x-api-key': 'key-of-red' } },
    { name: 'an API key, however its header is written', headers: { 'X-Api-Key': 'key-of-red' } },
    { name: 'a token', headers: { Authorization: 'Bearer good' } },
  ])('lets $name in to the whole API at this stage, as its team', async ({ headers }) => {
    expect(await authorize(headers)).toEqual({
      principalId: 'red',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'execute-api:Invoke',
            Effect: 'Allow',
            Resource: 'arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/*',
          },
        ],
      },
      context: { team: 'red', plan: 'standard' },
      usageIdentifierKey: 'usage-red',
    });
  });

  it.each([
    { name: 'nothing', headers: null },
    { name: 'an unknown key', headers: { 'x-api-key': 'other' } },
    { name: 'an unknown key beside a good token', headers: { 'x-api-key': 'other', Authorization: 'Bearer good' } },
    { name: 'a token that is not good', headers: { Authorization: 'Bearer bad' } },
    { name: 'a token of no team', headers: { Authorization: 'Bearer groupless' } },
    { name: 'a token of a team that was not let in', headers: { Authorization: 'Bearer stranger' } },
    { name: 'a token without its scheme', headers: { Authorization: 'good' } },
  ])('answers 401 to $name', async ({ headers }) => {
    // API Gateway makes a 401 of this very text, and a 500 of any other.
    await expect(authorize(headers)).rejects.toThrow(/^Unauthorized$/);
  });

  it('logs who came, and never with what', async () => {
    await authorize({ 'x-api-key': 'key-of-red' });
    expect(lines()).toMatchObject([{ phase: 'authorizer', status: 'succeeded', team: 'red' }]);
    expect(JSON.stringify(lines())).not.toContain('key-of-red');
  });
});
