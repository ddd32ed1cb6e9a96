import { beforeEach, describe, expect, it } from 'vitest';
import { openRegistry } from '#jobs/registry';
import { ordersHandler } from '#runtime/orders';
import { builtIn } from '#workloads/index';
import { anApiWithBatches } from '../helpers/batches.ts';
import { context, keepLog } from '../helpers/lambda.ts';
import { toyWorkloads } from '../helpers/toy/platform.ts';

const lines = keepLog();
let api: Awaited<ReturnType<typeof anApiWithBatches>>;
let order: ReturnType<typeof ordersHandler>;

const CSV = ['activity_id,phraseIndex,expected_text', 'a1,0,a_letter', 'a2,0,b_letter', 'a3,0,c_letter'].join('\n');
// Sent at two in the morning of the 28th: the day that is over is the 27th.
const TIME = '2026-11-28T02:00:00Z';

beforeEach(async () => {
  api = await anApiWithBatches({ registry: openRegistry({ ...builtIn, ...toyWorkloads }) });
  const { wakeBatch, listing } = api.options;
  order = ordersHandler(builtIn, async () => ({ ...api.options, wakeBatch: wakeBatch!, listing: listing! }));
  await api.put('2026-11-27.csv', CSV);
  for (const activity of ['a1', 'a2']) await api.put(`wav/${activity}_000_000001.wav`);
});

function nightly(more: object = {}) {
  return {
    ...{ workload: 'letter-asr', team: 'default', schedule: 'letters', time: TIME },
    order: { export: `${api.folder}/{date}.csv`, recordings: `${api.folder}/wav/` },
    ...more,
  };
}

describe('a schedule', () => {
  it('makes a batch of the export of the day before, and tells of activities without recordings', async () => {
    const answer = await order(nightly(), context);
    expect(answer).toEqual({
      batch: expect.stringMatching(/^batch-/),
      items: 2,
      isNew: true,
      notes: ['activity a3 has no recording'],
    });
    expect(await api.recordOf(answer.batch!)).toMatchObject({ workload: 'letter-asr', total: 2, params: {} });
    expect(api.woken).toEqual([answer.batch]);
    expect(lines()).toContainEqual(expect.objectContaining({ message: 'ordered', phase: 'orders', items: 2 }));
  });

  it('makes one batch a day, however often its event comes', async () => {
    const { batch } = await order(nightly(), context);
    expect(await order(nightly(), context)).toMatchObject({ batch, isNew: false });
  });

  it('makes no second one of what arrived since its event came first', async () => {
    await order(nightly(), context);
    await api.put('wav/a3_000_000001.wav');
    expect(await order(nightly(), context)).toMatchObject({ batch: null, isNew: false });
    expect(api.woken).toHaveLength(1);
  });

  it('makes another one on the next day', async () => {
    const { batch } = await order(nightly(), context);
    await api.put('2026-11-28.csv', CSV);
    const next = await order(nightly({ time: '2026-11-29T02:00:00Z' }), context);
    expect(next).toMatchObject({ isNew: true, items: 2 });
    expect(next.batch).not.toBe(batch);
  });

  it('of a day without recordings does nothing, and that is no failure', async () => {
    const empty = { export: `${api.folder}/{date}.csv`, recordings: `${api.folder}/none/` };
    await api.put('none/readme.txt');
    expect(await order(nightly({ order: empty }), context)).toMatchObject({ batch: null, items: 0 });
    expect(api.woken).toEqual([]);
  });
});

describe('a person', () => {
  it('orders single activities, with parameters for all of them', async () => {
    const asked = nightly({ schedule: undefined, params: { decoder: 'beam' } });
    const answer = await order({ ...asked, order: { ...asked.order, activities: ['a2'] } }, context);
    expect(answer).toMatchObject({ items: 1, isNew: true, notes: [] });
    expect(await api.recordOf(answer.batch!)).toMatchObject({ params: { decoder: 'beam' } });
  });

  it('may order the same again, which is another batch', async () => {
    const asked = nightly({ schedule: undefined });
    const [one, other] = [await order(asked, context), await order(asked, context)];
    expect(one.batch).not.toBe(other.batch);
  });

  it.each([
    { name: 'an activity that is not in the export', more: { activities: ['a9'] }, says: 'no activity a9' },
    { name: 'what is in no order', more: { bucket: 'x' }, says: 'bucket' },
    { name: 'an export that is not theirs', more: { export: '/etc/passwd' }, says: 'is not yours' },
    { name: 'recordings that are not theirs', more: { recordings: '/etc/' }, says: 'is not yours' },
  ])('is refused $name', async ({ more, says }) => {
    const asked = nightly({ schedule: undefined });
    await expect(order({ ...asked, order: { ...asked.order, ...more } }, context)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(says),
    });
  });

  it.each([
    { name: 'of a workload that takes none', event: { workload: 'toy' }, says: 'toy takes no orders' },
    { name: 'that names no team', event: { team: undefined }, says: 'team' },
  ])('is told that an order is none $name', async ({ event, says }) => {
    await expect(order(nightly(event), context)).rejects.toThrow(says);
  });
});
