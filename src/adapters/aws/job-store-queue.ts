import { type DynamoDBDocumentClient, GetCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Job } from '#core/job';
import type { JobStore } from '#core/ports';
import { type Lane, laneName, laneOf, type Pool } from '#core/queue';
import { jobOf } from './job-item.ts';
import { answerOf } from './service-errors.ts';

/** The partition of what is about the queue as a whole. */
export const QUEUE = 'queue';

export interface JobQueue extends Pick<JobStore, 'lanes' | 'waiting' | 'depth'> {
  /** Makes a lane known; a job is put into it after that. */
  enter(lane: Lane): Promise<void>;
}

interface JobQueueOptions {
  dynamoDb: DynamoDBDocumentClient;
  table: string;
  /** A job's record as it is now. */
  read: (id: string) => Promise<Record<string, unknown> | undefined>;
}

/**
 * Jobs that wait, by the index `queued`: each lane is a partition of its own, so that a team with ten thousand jobs costs the
 * others nothing. Which lanes there are stands in one item a pool. None is ever taken out, as somebody might be entering it.
 */
export function openJobQueue({ dynamoDb, table: TableName, read }: JobQueueOptions): JobQueue {
  const known = new Set<string>();
  const lanesKey = (pool: Pool) => ({ id: QUEUE, item: `lanes#${pool}` });

  const queryOf = (lane: Lane, before?: string) => ({
    TableName,
    IndexName: 'queued',
    KeyConditionExpression: before === undefined ? 'queued = :lane' : 'queued = :lane AND createdAt < :before',
    ExpressionAttributeValues: { ':lane': laneName(lane), ...(before === undefined ? {} : { ':before': before }) },
  });

  return {
    async enter(lane) {
      const name = laneName(lane);
      if (known.has(name)) return;
      const request = new UpdateCommand({
        TableName,
        Key: lanesKey(lane.pool),
        UpdateExpression: 'ADD #lanes :lane',
        ExpressionAttributeNames: { '#lanes': 'lanes' },
        ExpressionAttributeValues: { ':lane': new Set([name]) },
      });
      await answerOf(dynamoDb.send(request));
      known.add(name);
    },

    async lanes(pool) {
      const request = new GetCommand({ TableName, Key: lanesKey(pool), ConsistentRead: true });
      const names = (await answerOf(dynamoDb.send(request))).Item?.lanes as Set<string> | undefined;
      return Array.from(names ?? [], laneOf);
    },

    async waiting(lane, limit, after) {
      const jobs: Job[] = [];
      const from = after && { queued: laneName(lane), createdAt: after.createdAt, id: after.id, item: 'job' };
      const pages = paginateQuery(
        { client: dynamoDb, pageSize: limit, ...(from ? { startingToken: from } : {}) },
        queryOf(lane),
      );
      const collect = async () => {
        for await (const { Items = [] } of pages) {
          // The index lags behind: only the record itself says that a job is QUEUED still.
          const found = await Promise.all(Items.map(({ id }) => read(id as string)));
          jobs.push(...found.filter((item) => item?.status === 'QUEUED').map((item) => jobOf(item!)));
          if (jobs.length >= limit) return;
        }
      };
      await answerOf(collect());
      return jobs.slice(0, limit);
    },

    async depth(lane, most, before) {
      let counted = 0;
      const pages = paginateQuery(
        { client: dynamoDb, pageSize: most },
        { ...queryOf(lane, before), Select: 'COUNT' as const },
      );
      const count = async () => {
        for await (const { Count = 0 } of pages) {
          counted += Count;
          if (counted >= most) return;
        }
      };
      await answerOf(count());
      return Math.min(counted, most);
    },
  };
}
