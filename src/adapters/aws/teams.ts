import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { sha256Hex } from '#core/names';
import { answerOf } from './service-errors.ts';

/** Who somebody is at the API's door. */
export interface Team {
  team: string;
  /** The usage plan that the team's requests are counted on. */
  plan: string;
  /** The key of the usage plan that stands for the team; it opens nothing. */
  usageKey: string;
  /** May do what concerns all teams: pause the queue, look at everybody's. */
  operator?: boolean | undefined;
  /** How many of its jobs may be under way at once, where that is not what the stage's settings say. */
  limit?: number | undefined;
}

export interface Teams {
  /** The team that an API key belongs to. Only the key's digest is kept. */
  byApiKey(apiKey: string): Promise<Team | undefined>;
  /** The team of a name, as a verified token has it. */
  byName(name: string): Promise<Team | undefined>;
}

const teamSchema = z.object({
  team: z.string().min(1),
  plan: z.string().min(1),
  usageKey: z.string().min(1),
  operator: z.boolean().optional(),
  limit: z.int().min(0).optional(),
});

/** The teams that were let in, by what they show. */
export function openTeams({ dynamoDb, table }: { dynamoDb: DynamoDBDocumentClient; table: string }): Teams {
  const lookUp = async (credential: string): Promise<Team | undefined> => {
    const { Item } = await answerOf(dynamoDb.send(new GetCommand({ TableName: table, Key: { credential } })));
    return Item && teamSchema.parse(Item);
  };
  return {
    byApiKey: (apiKey) => lookUp(`key#${sha256Hex(apiKey)}`),
    byName: (name) => lookUp(`team#${name}`),
  };
}
