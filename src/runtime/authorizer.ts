import { z } from 'zod';
import type { Team, Teams } from '#adapters/aws/teams';
import { openAwsTeams } from './aws-platform.ts';
import type { LambdaContext } from './lambda.ts';
import { openLambdaLog } from './lambda-log.ts';
import { openTokens, type Tokens } from './tokens.ts';

/** What API Gateway asks a REQUEST authorizer, as far as it is read. */
const requestSchema = z.object({
  methodArn: z.string(),
  headers: z.record(z.string(), z.string()).nullish(),
});

/** Source: docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
export interface Authorization {
  principalId: string;
  policyDocument: {
    Version: '2012-10-17';
    Statement: { Action: 'execute-api:Invoke'; Effect: 'Allow' | 'Deny'; Resource: string }[];
  };
  /** API Gateway takes texts, numbers and truths here, and hands them all on as texts. */
  context?: { team: string; plan: string; operator?: 'true' };
  /** The team's key on its usage plan. */
  usageIdentifierKey?: string;
}

export interface AuthorizerPorts {
  teams: Teams;
  tokens: Tokens;
}

export type AuthorizerHandler = (request: unknown, context: LambdaContext) => Promise<Authorization>;

/** Tells API Gateway which team somebody belongs to, by an API key or a token of the user pool. */
export function authorizerHandler(open: () => Promise<AuthorizerPorts> = openOnAws): AuthorizerHandler {
  const log = openLambdaLog();
  let opened: Promise<AuthorizerPorts> | undefined;

  return async (request, { awsRequestId }) => {
    opened ??= open();
    log.about({ correlationId: awsRequestId, phase: 'authorizer' });
    try {
      const { methodArn, headers } = requestSchema.parse(request);
      const found = await teamOf(credentialIn(headers ?? {}), await opened);
      log.info('authorized', { status: found ? 'succeeded' : 'rejected', ...(found ? { team: found.team } : {}) });
      if (found) return allowed(found, methodArn);
    } finally {
      log.reset();
    }
    // The one text that API Gateway makes a 401 of.
    throw new Error('Unauthorized');
  };
}

async function openOnAws(): Promise<AuthorizerPorts> {
  return { teams: await openAwsTeams(), tokens: openTokens() };
}

interface Credential {
  apiKey?: string | undefined;
  token?: string | undefined;
}

function credentialIn(headers: Record<string, string>): Credential {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { apiKey: named['x-api-key'], token: /^Bearer (\S+)$/i.exec(named.authorization ?? '')?.[1] };
}

async function teamOf({ apiKey, token }: Credential, { teams, tokens }: AuthorizerPorts): Promise<Team | undefined> {
  if (apiKey) return await teams.byApiKey(apiKey);
  const name = token && (await tokens.teamOf(token));
  return name ? await teams.byName(name) : undefined;
}

/** For the whole API at this stage: the answer is cached, and the next request may be for another route. */
function allowed({ team, plan, usageKey, operator }: Team, methodArn: string): Authorization {
  const [api, stage] = methodArn.split('/');
  return {
    principalId: team,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: `${api}/${stage}/*` }],
    },
    context: { team, plan, ...(operator ? { operator: 'true' } : {}) },
    usageIdentifierKey: usageKey,
  };
}
