import { beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '#core/errors';
import type { Job } from '#core/job';
import { expandBatch } from '#jobs/batch-expand';
import { anApiWithBatches } from '../helpers/batches.ts';

let api: Awaited<ReturnType<typeof anApiWithBatches>>;
beforeEach(async () => {
  api = await anApiWithBatches();
});

async function aBatch(count: number): Promise<string> {
  const items = Array.from({ length: count }, (_, index) => `${api.folder}/${index}.txt`);
  return (await api.submit({ items })).body.id;
}

async function membersOf(batch: string): Promise<Job[]> {
  const found: Job[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await api.options.jobs.list({ team: 'red', batch, limit: 1000, cursor });
    found.push(...page.jobs);
    if (page.next === undefined) return found;
    cursor = page.next;
  }
}

/** Each item's file, by its number. */
const numbersOf = (jobs: Job[]) =>
  jobs.map(({ input }) => Number(/(\d+)\.txt$/.exec(input[0]!.uri)![1])).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('who works on a batch', () => {
  it('goes on where the one before died, and makes nothing twice', async () => {
    const id = await aBatch(250);
    for (const deathAt of [7, 130, 131, 249]) {
      let created = 0;
      const jobs = {
        ...api.options.jobs,
        async create(job: Job) {
          const isNew = await api.options.jobs.create(job);
          created += isNew ? 1 : 0;
          if (isNew && created + (await membersOf(id)).length > 2 * deathAt) throw new Error('died on the way');
          return isNew;
        },
      };
      await expandBatch(id, { ...api.options, jobs }).catch(() => undefined);
    }
    expect(await expandBatch(id, api.options)).toBe('done');
    expect(numbersOf(await membersOf(id))).toEqual(upTo(250));
    expect(await api.recordOf(id)).toMatchObject({ submitted: 250, refused: 0 });
  });

  it('may be two at once', async () => {
    const id = await aBatch(350);
    expect(await Promise.all([1, 2, 3].map(() => expandBatch(id, api.options)))).toEqual(['done', 'done', 'done']);
    expect(numbersOf(await membersOf(id))).toEqual(upTo(350));
    expect(await api.recordOf(id)).toMatchObject({ submitted: 350, refused: 0 });
  });

  it('stops when it is time, and says that there is more', async () => {
    const id = await aBatch(250);
    let chunks = 0;
    expect(await expandBatch(id, api.options, { isTime: () => ++chunks > 1 })).toBe('out of time');
    expect(await api.recordOf(id)).toMatchObject({ submitted: 100 });
    expect(await expandBatch(id, api.options)).toBe('done');
    expect(await membersOf(id)).toHaveLength(250);
  });

  it('leaves what a store that does not answer kept from being recorded to the next one', async () => {
    const id = await aBatch(120);
    let isDown = true;
    const create = async (job: Job) => {
      if (isDown && job.input[0]!.name === '110.txt') throw new TransientError('no answer');
      return await api.options.jobs.create(job);
    };
    const ports = { ...api.options, jobs: { ...api.options.jobs, create } };
    await expect(expandBatch(id, ports)).rejects.toMatchObject({ name: 'TransientError' });
    expect(await api.recordOf(id)).toMatchObject({ submitted: 100, refused: 0 });
    isDown = false;
    expect(await expandBatch(id, ports)).toBe('done');
    expect(await api.recordOf(id)).toMatchObject({ submitted: 120, refused: 0 });
  });

  it('hears of a cancel on the way, and cancels what it made', async () => {
    const id = await aBatch(500);
    let chunks = 0;
    const records: typeof api.options.records = {
      ...api.options.records,
      async update(...change) {
        chunks += 1;
        if (chunks === 2) await api.ask('POST', `/batches/${id}/cancel`);
        return await api.options.records.update(...change);
      },
    };
    expect(await expandBatch(id, { ...api.options, records })).toBe('done');
    expect(await api.recordOf(id)).toMatchObject({ submitted: 200, isCanceled: true });
    const states = new Set((await membersOf(id)).map(({ status }) => status));
    expect([...states].filter((state) => state !== 'CANCELED' && state !== 'CANCELING')).toEqual([]);
  });

  it('waits while the queue is full, and refuses nothing for it', async () => {
    const id = await aBatch(250);
    let room = 0;
    const ports = { ...api.options, hasRoom: async () => (await membersOf(id)).length < room };
    for (room of [0, 70, 130, 250]) expect(await expandBatch(id, ports)).toBe(room < 250 ? 'queue is full' : 'done');
    expect(await api.recordOf(id)).toMatchObject({ submitted: 250, refused: 0 });
  });

  it('has nothing to do for a batch that is not there', async () => {
    expect(await expandBatch('batch-none', api.options)).toBe('done');
  });
});

it('a long batch leaves the API its turns (issue 4)', { timeout: 60_000 }, async () => {
  const id = await aBatch(2_000);
  const work = expandBatch(id, api.options);
  let longest = 0;
  const watch = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  let last = performance.now();
  await work;
  clearInterval(watch);
  expect(longest).toBeLessThan(250);
  expect(await api.recordOf(id)).toMatchObject({ submitted: 2_000 });
});
