import { randomBytes } from 'node:crypto';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { InputError } from '#core/errors';
import { sha256Hex } from '#core/names';

export interface NewTeam {
  /** Lower-case letters, digits and hyphens: it stands in object keys and tags. */
  name: string;
  stage: string;
  /** A usage plan of the API: `standard`. */
  plan: string;
  /** May do what concerns all teams. */
  operator?: boolean;
  /** How many of its jobs may be under way at once, where that is not what the stage's settings say. */
  limit?: number;
}

// 256 bits: nobody guesses it, so its SHA-256 needs no salt.
const KEY_BYTES = 32;

/**
 * Lets a team in. Its requests are counted under a key of its own on the usage plan; what it shows at the door is
 * another one, of which only the digest is kept. @returns that one. @throws InputError when there is no such plan.
 */
export async function addTeam({ name, stage, plan, operator, limit }: NewTeam): Promise<{ apiKey: string }> {
  const gateway = new APIGatewayClient({});
  const usagePlanId = await findPlan(gateway, `stepreel-${stage}-${plan}`);
  const usageKey = randomBytes(KEY_BYTES).toString('base64url');
  const { id: keyId } = await gateway.send(
    new CreateApiKeyCommand({ name: `stepreel-${stage}-${name}`, value: usageKey, enabled: true }),
  );
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));

  const apiKey = randomBytes(KEY_BYTES).toString('base64url');
  const records = [`key#${sha256Hex(apiKey)}`, `team#${name}`].map((credential) => ({
    PutRequest: {
      Item: {
        credential,
        team: name,
        plan,
        usageKey,
        ...(operator ? { operator } : {}),
        ...(limit === undefined ? {} : { limit }),
      },
    },
  }));
  await DynamoDBDocumentClient.from(new DynamoDBClient({})).send(
    new BatchWriteCommand({ RequestItems: { [`stepreel-${stage}-teams`]: records } }),
  );
  return { apiKey };
}

async function findPlan(gateway: APIGatewayClient, name: string): Promise<string> {
  const names: string[] = [];
  let position: string | undefined;
  do {
    const page = await gateway.send(new GetUsagePlansCommand({ limit: 500, ...(position ? { position } : {}) }));
    for (const { id, name: found = '' } of page.items ?? []) {
      if (found === name && id) return id;
      names.push(found);
    }
    position = page.position;
  } while (position);
  const there = names.length > 0 ? `There are: ${names.join(', ')}.` : 'Deploy the platform first.';
  throw new InputError(`There is no usage plan ${name}. ${there}`);
}
