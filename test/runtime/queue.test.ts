import { randomUUID } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TransientError } from '#core/errors';
import { type Once, openOnce } from '#runtime/once';
import { type QueueDoor, queueHandler } from '#runtime/queue';
import { ANYBODY, clientsAt, startDynamoDb } from '../helpers/aws-in-process.ts';
import { context, keepLog } from '../helpers/lambda.ts';

const lines = keepLog();
let endpoint: string;
let once: Once;
let handled: string[];
let work: (text: string) => Promise<void>;

beforeAll(async () => {
  endpoint = await startDynamoDb();
  const client = await clientsAt(endpoint).dynamoDb();
  await client.send(
    new CreateTableCommand({
      TableName: 'idempotency',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
});

beforeEach(async () => {
  handled = [];
  work = async () => {};
  // Powertools makes a client of its own, from the environment.
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoint);
  vi.stubEnv('AWS_REGION', ANYBODY.region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  once = openOnce({ table: 'idempotency', prefix: randomUUID() });
});

const door = (): QueueDoor<{ text: string }> => ({
  parse: (message) => message as { text: string },
  keyOf: ({ text }) => (text.startsWith('any') ? undefined : text),
  async handle({ text }) {
    await work(text);
    handled.push(text);
    return { jobId: `toy-${text}` };
  },
  once,
});

const batch = (...texts: string[]) => ({
  Records: texts.map((text, index) => ({ messageId: `m-${index}`, body: JSON.stringify({ text }) })),
});

describe('the messages of a queue', () => {
  it('are worked on, and their log lines are about their jobs', async () => {
    const handler = queueHandler('test', async () => door());
    expect(await handler(batch('a', 'b'), context)).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual(['a', 'b']);
    expect(lines()).toMatchObject([
      { message: 'handled', phase: 'test', status: 'succeeded', correlationId: 'toy-a', jobId: 'toy-a' },
      { message: 'handled', jobId: 'toy-b', latencyMs: expect.any(Number) },
    ]);
  });

  it('come again alone when they fail, and are then worked on', async () => {
    let isDown = true;
    work = async (text) => {
      if (text === 'b' && isDown) throw new TransientError('no answer');
    };
    const handler = queueHandler('test', async () => door());
    expect(await handler(batch('a', 'b', 'c'), context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
    expect(lines()).toContainEqual(
      expect.objectContaining({ level: 'ERROR', status: 'failed', error: 'TransientError', messageId: 'm-1' }),
    );
    isDown = false;
    expect(await handler(batch('b'), context)).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual(['a', 'c', 'b']);
  });

  it('of the same content are worked on once, also by another process (pitfall 28)', async () => {
    await queueHandler('test', async () => door())(batch('a', 'a'), context);
    await queueHandler('test', async () => door())(batch('a'), context);
    expect(handled).toEqual(['a']);
  });

  it('without a key are worked on each time', async () => {
    await queueHandler('test', async () => door())(batch('any', 'any'), context);
    expect(handled).toEqual(['any', 'any']);
  });

  it('that another process died over are taken up once its time was over (pitfall 28)', async () => {
    const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    work = async () => {
      begun.resolve();
      await gate.promise;
    };
    const dying = { ...context, getRemainingTimeInMillis: () => 300 };
    const first = queueHandler('test', async () => door())(batch('a'), dying);
    await begun.promise;
    expect((await rival()).batchItemFailures).toHaveLength(1);
    await vi.waitFor(async () => expect((await rival()).batchItemFailures).toEqual([]), { timeout: 5000 });
    expect(handled).toEqual(['a by a rival']);
    gate.resolve();
    await first;
  });

  const rival = () =>
    queueHandler('test', async () => ({
      ...door(),
      async handle({ text }: { text: string }) {
        handled.push(`${text} by a rival`);
        return {};
      },
    }))(batch('a'), context);

  it('that are not what comes here come again, until they end in the dead letters', async () => {
    const handler = queueHandler('test', async () => door());
    const broken = { Records: [{ messageId: 'm-0', body: 'no JSON' }] };
    expect(await handler(broken, context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
  });
});
