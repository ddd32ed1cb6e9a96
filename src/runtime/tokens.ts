import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwtBaseError } from 'aws-jwt-verify/error';
import { z } from 'zod';
import { requireVariable, USER_POOL, USER_POOL_CLIENT, type Variables } from './environment.ts';

export interface Tokens {
  /** The team that a token was given to, by the first of its holder's groups; undefined for a token that is not good. */
  teamOf(token: string): Promise<string | undefined>;
}

export type TokenVerifier = Pick<ReturnType<typeof verifierOf>, 'verify'>;

/** Tokens of the user pool that the environment names, both the access and the identity kind. */
export function openTokens(
  variables: Variables = process.env,
  verifier: TokenVerifier = verifierOf(variables),
): Tokens {
  return {
    async teamOf(token) {
      const claims = await verifier.verify(token).catch((thrown) => {
        if (isRefused(thrown)) return undefined;
        throw thrown;
      });
      return claimsSchema.parse(claims ?? {})['cognito:groups'][0];
    },
  };
}

const claimsSchema = z.object({ 'cognito:groups': z.array(z.string()).default([]) });

export function verifierOf(variables: Variables) {
  return CognitoJwtVerifier.create({
    userPoolId: requireVariable(variables, USER_POOL),
    clientId: requireVariable(variables, USER_POOL_CLIENT),
    tokenUse: null,
  });
}

/** The verifier's own word on a token, as against keys of the pool that could not be fetched. */
function isRefused(thrown: unknown): boolean {
  return thrown instanceof JwtBaseError && !(thrown instanceof FetchError);
}
