import { randomUUID } from 'node:crypto';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { JOB_STATES, type Job, type JobState, mayBecome } from '#core/job';
import { cursorAfter } from '#core/job-list';
import type { JobStore, StateCounts } from '#core/ports';
import { type Lane, laneName } from '#core/queue';
import { itemOf, jobOf, patchOf } from './job-item.ts';
import { countingOf, isAskedFor, listingOf } from './job-store-listing.ts';
import { openJobQueue } from './job-store-queue.ts';
import { answerOf, attemptsOf, isNamed } from './service-errors.ts';

export interface DynamoJobStoreOptions {
  dynamoDb: DynamoDBDocumentClient;
  /**
   * Its keys are `id` and `item`; its index `queued` has `queued` and `createdAt`, its index `by-team` has `team` and
   * `listed`, and with them `status`, `workload` and `project`; its index `by-batch` has `batch` and `listed`, and with
   * them those and `team`.
   */
  table: string;
  /** How long a record is kept after it last changed. */
  retentionDays?: number;
  now?: () => Date;
}

const JOB = 'job';
// With a filter DynamoDB counts what it looked at, not what it found.
const LOOKED_AT_A_TIME = 1000;
const DAY_SECONDS = 24 * 60 * 60;

/**
 * Job records in DynamoDB. Whether a change is legal is the condition of the write that makes it, so that of several
 * writers one wins and the others hear of it.
 */
export function openJobStore(options: DynamoJobStoreOptions): JobStore {
  const { dynamoDb, table: TableName, retentionDays = 90, now = () => new Date() } = options;
  const expiry = () => Math.floor(now().getTime() / 1000) + retentionDays * DAY_SECONDS;

  const read = async (id: string): Promise<Record<string, unknown> | undefined> => {
    const request = new GetCommand({ TableName, Key: { id, item: JOB }, ConsistentRead: true });
    return (await answerOf(dynamoDb.send(request))).Item;
  };

  /**
   * Does a conditional write. Each has a token of its own: when the answer got lost and the SDK asked again, the record
   * tells whether the condition failed because a rival was there first or because we had been.
   * @returns false when the condition did not hold.
   */
  const write = async (id: string, send: (token: string) => Promise<unknown>): Promise<boolean> => {
    const token = randomUUID();
    try {
      await answerOf(send(token));
      return true;
    } catch (thrown) {
      if (!isNamed(thrown, 'ConditionalCheckFailedException')) throw thrown;
      return attemptsOf(thrown) > 1 && (await read(id))?.written === token;
    }
  };

  /** @returns the record as it is after, or undefined when the condition did not hold. */
  const update = async (id: string, { set, remove, condition }: Change): Promise<Job | undefined> => {
    let after: Record<string, unknown> | undefined;
    const done = await write(id, async (written) => {
      const changes = expressionOf({ set: { ...set, written, ttl: expiry() }, remove, condition });
      const request = { TableName, Key: { id, item: JOB }, ...changes, ReturnValues: 'ALL_NEW' } as const;
      after = (await dynamoDb.send(new UpdateCommand(request))).Attributes;
    });
    return done ? jobOf((after ?? (await read(id)))!) : undefined;
  };

  const queue = openJobQueue({ dynamoDb, table: TableName, read });

  return {
    async create(job) {
      if (job.status === 'QUEUED') await queue.enter(job);
      return await write(job.id, (written) => {
        const Item = { ...itemOf(job), item: JOB, written, ttl: expiry() };
        return dynamoDb.send(new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' }));
      });
    },

    async get(id) {
      const item = await read(id);
      return item && jobOf(item);
    },

    async transition(id, to, changes = {}, execution) {
      const from = JOB_STATES.filter((state) => mayBecome(state, to));
      if (from.length === 0) return undefined;
      const patch = patchOf(to, changes);
      if (to === 'QUEUED') {
        const item = await read(id);
        if (!item) return undefined;
        const lane: Lane = { ...jobOf(item), ...changes };
        await queue.enter(lane);
        patch.set.queued = laneName(lane);
      }
      const legal = `#status IN (${from.map((_, index) => `:from${index}`).join(', ')})`;
      return await update(id, {
        ...patch,
        condition: {
          text: execution === undefined ? legal : `${legal} AND #execution = :execution`,
          names: ['status', ...(execution === undefined ? [] : ['execution'])],
          values: {
            ...Object.fromEntries(from.map((state, index) => [`:from${index}`, state])),
            ...(execution === undefined ? {} : { ':execution': execution }),
          },
        },
      });
    },

    async plan(id, planned, reused) {
      const { execution } = planned;
      const written = await update(id, {
        set: { planned, ...(reused && { reused }) },
        remove: [],
        condition: {
          text: `#status = :queued AND #execution = :execution
            AND (attribute_not_exists(#planned) OR #planned.#execution <> :execution)`,
          names: ['status', 'execution', 'planned'],
          values: { ':queued': 'QUEUED', ':execution': execution },
        },
      });
      if (written) return written;
      const item = await read(id);
      return item?.status === 'QUEUED' && item.execution === execution ? jobOf(item) : undefined;
    },

    async progress(id, execution, progress) {
      const written = await update(id, {
        set: { progress },
        remove: [],
        condition: {
          text: `#status = :running AND #execution = :execution
            AND (attribute_not_exists(#progress) OR #progress.#step <> :step OR #progress.#percent <= :percent)`,
          names: ['status', 'execution', 'progress', 'step', 'percent'],
          values: {
            ':running': 'RUNNING',
            ':execution': execution,
            ':step': progress.step,
            ':percent': progress.percent,
          },
        },
      });
      if (written) return true;
      const item = await read(id);
      return item?.status === 'RUNNING' && item.execution === execution;
    },

    async nextAttempt(jobId, step, shard) {
      // Asked twice by the SDK, it skips a number, and hands none out twice.
      const request = new UpdateCommand({
        TableName,
        Key: { id: jobId, item: attemptItem(step, shard) },
        UpdateExpression: 'ADD #latest :one SET #ttl = :ttl',
        ExpressionAttributeNames: { '#latest': 'latest', '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':one': 1, ':ttl': expiry() },
        ReturnValues: 'UPDATED_NEW',
      });
      return (await answerOf(dynamoDb.send(request))).Attributes!.latest as number;
    },

    async latestAttempt(jobId, step, shard) {
      const Key = { id: jobId, item: attemptItem(step, shard) };
      const { Item } = await answerOf(dynamoDb.send(new GetCommand({ TableName, Key, ConsistentRead: true })));
      return (Item?.latest as number | undefined) ?? 0;
    },

    lanes: queue.lanes,
    waiting: queue.waiting,
    depth: queue.depth,

    async list(query) {
      const request = listingOf(query);
      if (!request) return { jobs: [] };
      // One more tells whether there is a next page.
      const wanted = query.limit + 1;
      const jobs: Job[] = [];
      const pages = paginateQuery(
        { client: dynamoDb, pageSize: request.FilterExpression ? LOOKED_AT_A_TIME : wanted + 1 },
        { TableName, ...request },
      );
      const collect = async () => {
        for await (const { Items = [] } of pages) {
          for (let at = 0; at < Items.length && jobs.length < wanted; ) {
            const keys = Items.slice(at, at + wanted - jobs.length);
            at += keys.length;
            // The index lags behind, and does not hold all of a job: the records themselves are what is listed.
            const found = await Promise.all(keys.map(({ id }) => read(id as string)));
            jobs.push(...found.flatMap((item) => (item ? [jobOf(item)] : [])).filter((job) => isAskedFor(job, query)));
          }
          if (jobs.length >= wanted) return;
        }
      };
      await answerOf(collect());
      const page = jobs.slice(0, query.limit);
      return { jobs: page, ...(jobs.length > page.length ? { next: cursorAfter(page.at(-1)!) } : {}) };
    },

    async countsOf(batch) {
      const counts: StateCounts = {};
      const count = async () => {
        for await (const { Items = [] } of paginateQuery({ client: dynamoDb }, { TableName, ...countingOf(batch) })) {
          for (const { status } of Items as { status: JobState }[]) counts[status] = (counts[status] ?? 0) + 1;
        }
      };
      await answerOf(count());
      return counts;
    },
  };
}

function attemptItem(step: string, shard?: number): string {
  return shard === undefined ? `attempt#${step}` : `attempt#${step}#${shard}`;
}

interface Change {
  set: Record<string, unknown>;
  remove: string[];
  condition: { text: string; names: string[]; values: Record<string, unknown> };
}

/** Every attribute goes by a placeholder: DynamoDB reserves words such as `status` and `ttl`. */
function expressionOf({ set, remove, condition }: Change) {
  const assignments = Object.keys(set).map((name) => `#${name} = :set_${name}`);
  const removals = remove.map((name) => `#${name}`);
  const names = [...new Set([...Object.keys(set), ...remove, ...condition.names])];
  return {
    UpdateExpression: [
      `SET ${assignments.join(', ')}`,
      ...(removals.length > 0 ? [`REMOVE ${removals.join(', ')}`] : []),
    ].join(' '),
    ConditionExpression: condition.text,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:set_${name}`, value])),
      ...condition.values,
    },
  } satisfies Partial<UpdateCommandInput>;
}
