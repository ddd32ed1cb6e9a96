import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { TransientError } from '#core/errors';
import { cursorAfter, NEWEST, OLDEST, placeBehind, placeOf } from '#core/job-list';
import type { RecordQuery, Records, StoredRecord } from '#core/records';
import { answerOf, attemptsOf, isNamed } from './service-errors.ts';

export interface DynamoRecordsOptions {
  dynamoDb: DynamoDBDocumentClient;
  /** The jobs' table: its keys are `id` and `item`, its index `by-team` has `team` and `listed`. */
  table: string;
  now?: () => Date;
}

const RECORD = 'record';
const MAX_ID = 500;
// Each try that fails means that somebody else's got through.
const TRIES = 30;
const PAUSE_MS = 20;

/**
 * Records in the jobs' table, under `<kind>#<id>`; `#` is in no job's id. In the index of teams they stand under
 * `<kind>#<team>`, where no list of jobs looks.
 */
export function openRecords({ dynamoDb, table: TableName, now = () => new Date() }: DynamoRecordsOptions): Records {
  const keyOf = (kind: string, id: string) => ({ id: `${kind}#${id}`, item: RECORD });

  const read = async (kind: string, id: string): Promise<Item | undefined> => {
    // DynamoDB refuses longer keys, and nothing has one.
    if (id.length > MAX_ID) return undefined;
    const request = new GetCommand({ TableName, Key: keyOf(kind, id), ConsistentRead: true });
    const item = (await answerOf(dynamoDb.send(request))).Item as Item | undefined;
    // DynamoDB removes what has expired within days.
    return item && (item.expiresAt === undefined || item.expiresAt > now().toISOString()) ? item : undefined;
  };

  /** A conditional write, with a token by which a write is known whose answer got lost. @returns false when it did not hold. */
  const write = async (kind: string, id: string, send: (token: string) => Promise<unknown>): Promise<boolean> => {
    const token = randomUUID();
    try {
      await answerOf(send(token));
      return true;
    } catch (thrown) {
      if (!isNamed(thrown, 'ConditionalCheckFailedException')) throw thrown;
      return attemptsOf(thrown) > 1 && (await read(kind, id))?.written === token;
    }
  };

  return {
    async create(kind, { id, team, value, expiresAt }) {
      const createdAt = now().toISOString();
      return await write(kind, id, (written) => {
        const Item = {
          ...keyOf(kind, id),
          team: `${kind}#${team}`,
          listed: placeOf({ createdAt, id }),
          createdAt,
          value: JSON.stringify(value),
          version: 1,
          written,
          ...expiry(expiresAt),
        };
        const isFree = 'attribute_not_exists(id) OR expiresAt <= :now';
        const values = { ':now': createdAt };
        return dynamoDb.send(
          new PutCommand({ TableName, Item, ConditionExpression: isFree, ExpressionAttributeValues: values }),
        );
      });
    },

    async get<Value>(kind: string, id: string) {
      return recordOf<Value>(kind, await read(kind, id));
    },

    async update<Value>(
      kind: string,
      id: string,
      change: (value: Value) => Value | undefined,
      options: { expiresAt?: string } = {},
    ) {
      for (let tries = 1; tries <= TRIES; tries += 1) {
        const item = await read(kind, id);
        const record = recordOf<Value>(kind, item);
        const value = record && change(record.value);
        if (!item || !record || value === undefined) return undefined;
        const changes = { value: JSON.stringify(value), version: item.version + 1, ...expiry(options.expiresAt) };
        const done = await write(kind, id, (written) =>
          dynamoDb.send(
            new UpdateCommand({
              TableName,
              Key: keyOf(kind, id),
              ...setting({ ...changes, written }, item.version),
              ConditionExpression: '#version = :before',
            }),
          ),
        );
        if (done) return { ...record, ...options, value };
        await sleep(Math.random() * PAUSE_MS * tries);
      }
      throw new TransientError(`The ${kind} ${id} is being changed by too many at once. Try again.`);
    },

    async list<Value>(kind: string, { team, cursor, limit }: RecordQuery) {
      const before = cursor === undefined ? NEWEST : placeBehind(cursor);
      const records: StoredRecord<Value>[] = [];
      const pages = paginateQuery(
        { client: dynamoDb, pageSize: limit + 2 },
        {
          TableName,
          IndexName: 'by-team',
          ScanIndexForward: false,
          KeyConditionExpression: '#team = :team AND #listed BETWEEN :oldest AND :before',
          ExpressionAttributeNames: { '#team': 'team', '#listed': 'listed' },
          ExpressionAttributeValues: { ':team': `${kind}#${team}`, ':oldest': OLDEST, ':before': before },
        },
      );
      const collect = async () => {
        for await (const { Items = [] } of pages) {
          // The index lags behind, and holds no value: the records themselves are what is listed.
          const ids = Items.map(({ id }) => (id as string).slice(kind.length + 1));
          const found = await Promise.all(ids.map((id) => read(kind, id)));
          // BETWEEN counts the bound in, and what stands there was on the page before.
          const newer = found
            .filter((item) => item && item.listed < before)
            .map((item) => recordOf<Value>(kind, item)!);
          records.push(...newer);
          // One more tells whether there is a next page.
          if (records.length > limit) return;
        }
      };
      await answerOf(collect());
      const page = records.slice(0, limit);
      return { records: page, ...(records.length > limit ? { next: cursorAfter(page.at(-1)!) } : {}) };
    },

    async remove(kind, id) {
      const request = new DeleteCommand({ TableName, Key: keyOf(kind, id), ReturnValues: 'ALL_OLD' });
      return (await answerOf(dynamoDb.send(request))).Attributes !== undefined;
    },
  };
}

interface Item {
  id: string;
  team: string;
  listed: string;
  createdAt: string;
  expiresAt?: string;
  value: string;
  version: number;
  written: string;
}

function recordOf<Value>(kind: string, item: Item | undefined): StoredRecord<Value> | undefined {
  if (!item) return undefined;
  const { id, team, createdAt, expiresAt, value } = item;
  const after = kind.length + 1;
  return {
    id: id.slice(after),
    team: team.slice(after),
    createdAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    value: JSON.parse(value) as Value,
  };
}

/** For us to the millisecond, and for DynamoDB, which removes it, in seconds. */
function expiry(expiresAt: string | undefined): { expiresAt?: string; ttl?: number } {
  return expiresAt === undefined ? {} : { expiresAt, ttl: Math.ceil(Date.parse(expiresAt) / 1000) };
}

/** Every attribute goes by a placeholder: DynamoDB reserves words such as `value` and `ttl`. */
function setting(changes: Record<string, unknown>, versionBefore: number) {
  const names = Object.keys(changes);
  return {
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(names.map((name) => [`:${name}`, changes[name]])),
      ':before': versionBefore,
    },
  };
}
