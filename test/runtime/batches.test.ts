import { beforeEach, expect, it } from 'vitest';
import { batchesDoor } from '#runtime/batches';
import { queueHandler } from '#runtime/queue';
import { anApiWithBatches } from '../helpers/batches.ts';
import { context, keepLog } from '../helpers/lambda.ts';

const lines = keepLog();
let api: Awaited<ReturnType<typeof anApiWithBatches>>;
let sent: { batch: string; delaySeconds: number }[];

beforeEach(async () => {
  api = await anApiWithBatches();
  sent = [];
});

const wake = async (batch: string, delaySeconds = 0) => void sent.push({ batch, delaySeconds });
const message = (batch: string) => ({ Records: [{ messageId: 'm-1', body: JSON.stringify({ batch }) }] });

async function aBatch(count: number): Promise<string> {
  const items = Array.from({ length: count }, (_, index) => `${api.folder}/${index}.txt`);
  return (await api.submit({ items })).body.id;
}

it('works on a batch to its end', async () => {
  const id = await aBatch(150);
  const handler = queueHandler('batches', async () => batchesDoor(api.options, wake));
  expect(await handler(message(id), context)).toEqual({ batchItemFailures: [] });
  expect(await api.recordOf(id)).toMatchObject({ submitted: 150 });
  expect(sent).toEqual([]);
  expect(lines()).toContainEqual(expect.objectContaining({ batch: id, how: 'done' }));
});

it('hands on what it has no time for', async () => {
  const id = await aBatch(150);
  // Time is over before it begins.
  const handler = queueHandler('batches', async () => batchesDoor(api.options, wake, -1));
  await handler(message(id), context);
  expect(sent).toEqual([{ batch: id, delaySeconds: 0 }]);
});

it('comes back later while the queue is full', async () => {
  const id = await aBatch(5);
  const full = { ...api.options, hasRoom: async () => false };
  const handler = queueHandler('batches', async () => batchesDoor(full, wake));
  expect(await handler(message(id), context)).toEqual({ batchItemFailures: [] });
  expect(sent).toEqual([{ batch: id, delaySeconds: 60 }]);
});

it('leaves a message that is none to the dead letters', async () => {
  const handler = queueHandler('batches', async () => batchesDoor(api.options, wake));
  const answer = await handler({ Records: [{ messageId: 'm-1', body: '{}' }] }, context);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
});
