import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { WebhookSecrets } from '#core/notices';
import { answerOf, isNamed } from './service-errors.ts';

export interface TeamSecretsOptions {
  dynamoDb: DynamoDBDocumentClient;
  /** Of the teams. */
  table: string;
  /** Makes a secret. */
  first: () => string;
}

const itemSchema = z.object({ secrets: z.tuple([z.string().min(1)], z.string().min(1)) });

/**
 * Secrets of the teams, each under `webhook#<team>` in the table of teams. A team that has none gets one when it is first
 * asked for; of two who ask at once one makes it, and both get that one.
 */
export function openTeamSecrets({ dynamoDb, table: TableName, first }: TeamSecretsOptions): WebhookSecrets {
  const read = async (credential: string) => {
    const get = new GetCommand({ TableName, Key: { credential }, ConsistentRead: true });
    const { Item } = await answerOf(dynamoDb.send(get));
    return Item && itemSchema.parse(Item).secrets;
  };
  return {
    async of(team) {
      const credential = `webhook#${team}`;
      const found = await read(credential);
      if (found) return found;
      const Item = { credential, secrets: [first()] };
      const ConditionExpression = 'attribute_not_exists(credential)';
      const put = dynamoDb.send(new PutCommand({ TableName, Item, ConditionExpression }));
      await answerOf(put).catch((thrown) => {
        if (!isNamed(thrown, 'ConditionalCheckFailedException')) throw thrown;
      });
      return (await read(credential))!;
    },
  };
}
