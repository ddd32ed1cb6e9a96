import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { LambdaContext } from './lambda.ts';

/** Does work once for a key, however often it is asked to. */
export type Once = (key: string, context: LambdaContext, work: () => Promise<void>) => Promise<void>;

// EventBridge tries to deliver an event for as long as this; SQS repeats a message within minutes.
const REMEMBERED_SECONDS = 24 * 60 * 60;

/**
 * A guard against messages that come twice. Work that fails is forgotten, so that it can be done again; while it is being
 * done a second call is refused. The invocation's remaining time bounds that: a function that was killed on the way must
 * not keep others out.
 */
export function openOnce({ table, prefix }: { table: string; prefix: string }): Once {
  const config = new IdempotencyConfig({ expiresAfterSeconds: REMEMBERED_SECONDS, hashFunction: 'sha256' });
  const guarded = makeIdempotent(
    async (_key: string, work: () => Promise<void>) => {
      await work();
      return { done: true };
    },
    {
      persistenceStore: new DynamoDBPersistenceLayer({ tableName: table }),
      config,
      keyPrefix: prefix,
    },
  );
  return async (key, context, work) => {
    config.registerLambdaContext(context as Parameters<typeof config.registerLambdaContext>[0]);
    await guarded(key, work);
  };
}
