import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { openTokens, verifierOf } from '#runtime/tokens';

const POOL = 'us-east-1_AbCdEfGhI';
const CLIENT = 'client-1';
const variables = { STEPREEL_USER_POOL: POOL, STEPREEL_USER_POOL_CLIENT: CLIENT };
const issuer = `https://cognito-idp.us-east-1.amazonaws.com/${POOL}`;
const pool = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

// The pool's public keys, which are fetched from it otherwise.
const verifier = verifierOf(variables);
const { n, e } = pool.publicKey.export({ format: 'jwk' }) as { n: string; e: string };
verifier.cacheJwks({ keys: [{ kid: 'one', alg: 'RS256', use: 'sig', kty: 'RSA', n, e }] });
const tokens = openTokens(variables, verifier);

function aToken(claims: Record<string, unknown>, key = pool.privateKey): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = { iss: issuer, iat: now, exp: now + 600, sub: 'someone', ...claims };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part(payload)}`;
  return `${head}.${sign('RSA-SHA256', Buffer.from(head), key).toString('base64url')}`;
}

const access = { token_use: 'access', client_id: CLIENT, 'cognito:groups': ['red'] };
const id = { token_use: 'id', aud: CLIENT, 'cognito:groups': ['red'] };

it.each([
  { name: 'an access token', token: aToken(access), team: 'red' },
  { name: 'an identity token', token: aToken(id), team: 'red' },
  {
    name: 'a token of two groups, by the first',
    token: aToken({ ...id, 'cognito:groups': ['red', 'blue'] }),
    team: 'red',
  },
  { name: 'a token of no group', token: aToken({ ...access, 'cognito:groups': [] }), team: undefined },
  { name: 'one of another client', token: aToken({ ...access, client_id: 'client-2' }), team: undefined },
  { name: 'one for another audience', token: aToken({ ...id, aud: 'client-2' }), team: undefined },
  { name: 'one that expired', token: aToken({ ...access, exp: 1 }), team: undefined },
  { name: 'one of another pool', token: aToken({ ...access, iss: `${issuer}x` }), team: undefined },
  { name: 'one that somebody else signed', token: aToken(access, stranger.privateKey), team: undefined },
  { name: 'no token at all', token: 'a.b.c', team: undefined },
])('$name stands for the team $team', async ({ token, team }) => {
  expect(await tokens.teamOf(token)).toBe(team);
});
