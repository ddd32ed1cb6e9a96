import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Lease, Leases, Quota, Taking } from '#core/leases';
import { poolQuota } from '#core/leases';
import { POOLS, type Pool } from '#core/queue';
import { QUEUE } from './job-store-queue.ts';
import { answerOf, isNamed } from './service-errors.ts';

export interface DynamoLeasesOptions {
  dynamoDb: DynamoDBDocumentClient;
  /** The table of the jobs: its keys are `id` and `item`. */
  table: string;
}

/** A quota's item: who holds places, and whether new ones are handed out. */
interface Places {
  leases?: Record<string, Omit<Lease, 'holder'>>;
  paused?: boolean;
}

const ITEM = 'leases#';

/**
 * Leases in DynamoDB: those of a quota are a map in one item, and the condition of the write that adds one is the map's
 * size. So a limit is exact, whoever else writes at that moment. An item has room for about two thousand.
 */
export function openLeases({ dynamoDb, table: TableName }: DynamoLeasesOptions): Leases {
  const keyOf = (quota: Quota) => ({ id: QUEUE, item: ITEM + quota });

  const read = async (quota: Quota): Promise<Places> => {
    const request = new GetCommand({ TableName, Key: keyOf(quota), ConsistentRead: true });
    return ((await answerOf(dynamoDb.send(request))).Item ?? {}) as Places;
  };

  /** @returns false when the condition did not hold. */
  const update = async (quota: Quota, change: Change): Promise<boolean> => {
    try {
      await answerOf(dynamoDb.send(new UpdateCommand({ TableName, Key: keyOf(quota), ...change })));
      return true;
    } catch (thrown) {
      if (isNamed(thrown, 'ConditionalCheckFailedException')) return false;
      throw thrown;
    }
  };

  // A map has to be there before anything can be put into it.
  const makeRoom = async (quota: Quota) => {
    const Item = { ...keyOf(quota), leases: {} };
    const request = new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' });
    await answerOf(dynamoDb.send(request)).catch((thrown) => {
      if (!isNamed(thrown, 'ConditionalCheckFailedException')) throw thrown;
    });
  };

  const renew: Leases['renew'] = async (quota, holder, until) => {
    await update(quota, {
      UpdateExpression: 'SET #leases.#holder.#until = :until',
      ConditionExpression: 'attribute_exists(#leases.#holder)',
      ExpressionAttributeNames: { '#leases': 'leases', '#holder': holder, '#until': 'until' },
      ExpressionAttributeValues: { ':until': until },
    });
  };

  const setPaused = async (pool: Pool, paused: boolean) => {
    await makeRoom(poolQuota(pool));
    await update(poolQuota(pool), {
      UpdateExpression: 'SET #paused = :paused',
      ExpressionAttributeNames: { '#paused': 'paused' },
      ExpressionAttributeValues: { ':paused': paused },
    });
  };

  return {
    async take(quota, lease, limit) {
      if (await update(quota, additionOf(lease, limit))) return 'taken';
      const { leases, paused } = await read(quota);
      const taking = leases && refusalOf(lease, leases[lease.holder], paused);
      if (!leases) await makeRoom(quota);
      // It was the first of all, or a place came free between the two looks.
      if (!leases || (taking === 'full' && Object.keys(leases).length < limit)) {
        return (await update(quota, additionOf(lease, limit))) ? 'taken' : 'full';
      }
      if (taking === 'taken') await renew(quota, lease.holder, lease.until);
      return taking!;
    },

    renew,

    async give(quota, holder, token) {
      await update(quota, {
        UpdateExpression: 'REMOVE #leases.#holder',
        ConditionExpression:
          token === undefined ? 'attribute_exists(#leases.#holder)' : '#leases.#holder.#token = :token',
        ExpressionAttributeNames: {
          '#leases': 'leases',
          '#holder': holder,
          ...(token === undefined ? {} : { '#token': 'token' }),
        },
        ...(token === undefined ? {} : { ExpressionAttributeValues: { ':token': token } }),
      });
    },

    async held(quota) {
      return leasesIn(await read(quota));
    },

    async all() {
      const found: ({ quota: Quota } & Lease)[] = [];
      const pages = paginateQuery(
        { client: dynamoDb },
        {
          TableName,
          KeyConditionExpression: '#id = :queue AND begins_with(#item, :leases)',
          ExpressionAttributeNames: { '#id': 'id', '#item': 'item' },
          ExpressionAttributeValues: { ':queue': QUEUE, ':leases': ITEM },
          ConsistentRead: true,
        },
      );
      const collect = async () => {
        for await (const { Items = [] } of pages) {
          for (const { item, ...places } of Items) {
            const quota = (item as string).slice(ITEM.length) as Quota;
            found.push(...leasesIn(places as Places).map((lease) => ({ quota, ...lease })));
          }
        }
      };
      await answerOf(collect());
      return found;
    },

    pause: (pool) => setPaused(pool, true),
    resume: (pool) => setPaused(pool, false),

    async paused() {
      const pools = await Promise.all(POOLS.map((pool) => read(poolQuota(pool))));
      return POOLS.filter((_, index) => pools[index]!.paused === true);
    },
  };
}

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key'>;

function additionOf({ holder, ...lease }: Lease, limit: number): Change {
  return {
    UpdateExpression: 'SET #leases.#holder = :lease',
    ConditionExpression: `attribute_exists(#leases) AND attribute_not_exists(#leases.#holder)
      AND size(#leases) < :limit AND (attribute_not_exists(#paused) OR #paused = :no)`,
    ExpressionAttributeNames: { '#leases': 'leases', '#holder': holder, '#paused': 'paused' },
    // Nothing is infinite there.
    ExpressionAttributeValues: { ':lease': lease, ':limit': Math.min(limit, Number.MAX_SAFE_INTEGER), ':no': false },
  };
}

/** Why a place was not given; `taken` when it had been, and only the answer got lost. */
function refusalOf({ token }: Lease, there: Omit<Lease, 'holder'> | undefined, paused = false): Taking {
  if (there) return there.token === token ? 'taken' : 'held';
  return paused ? 'paused' : 'full';
}

function leasesIn({ leases = {} }: Places): Lease[] {
  const held = Object.entries(leases).map(([holder, lease]) => ({ holder, ...lease }));
  return held.sort((a, b) => Number(a.holder > b.holder) - Number(a.holder < b.holder));
}
