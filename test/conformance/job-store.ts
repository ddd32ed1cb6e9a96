import { beforeEach, describe, expect, it } from 'vitest';
import { JOB_STATES, type Job, type JobState, TRANSITIONS } from '#core/job';
import type { JobQuery, JobStore } from '#core/ports';
import type { Lane } from '#core/queue';

/** A job for tests. */
export function aJob(changes: Partial<Job> = {}): Job {
  return {
    id: 'toy-1',
    workload: 'toy',
    workloadVersion: '1.0.0',
    team: 'default',
    project: 'default',
    priority: 'normal',
    pool: 'cpu',
    status: 'QUEUED',
    input: [{ name: 'words.txt', uri: '/words.txt' }],
    params: {},
    degraded: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}

/** What every JobStore promises. `open` gives a store that holds nothing. */
export function jobStoreSuite(name: string, open: () => Promise<JobStore>): void {
  describe(`${name} as a JobStore`, () => {
    let store: JobStore;
    beforeEach(async () => {
      store = await open();
    });

    it('keeps a job as it was given', async () => {
      const job = aJob({ params: { text: 'grüße', list: [1, 2] } });
      expect(await store.create(job)).toBe(true);
      expect(await store.get('toy-1')).toEqual(job);
      expect(await store.get('toy-2')).toBeUndefined();
    });

    it('keeps parameters and errors of any JSON', async () => {
      const params = { '': 1, seed: 2 ** 60, tiny: 1e-300, none: null, text: '', nested: [[{ a: [true, 0.1] }]] };
      const job = aJob({ params, error: { name: 'ToolError', message: '', details: params }, status: 'FAILED' });
      await store.create(job);
      expect(await store.get('toy-1')).toEqual(job);
    });

    it('does not replace a job that is there', async () => {
      await store.create(aJob());
      expect(await store.create(aJob({ team: 'other' }))).toBe(false);
      expect(await store.get('toy-1')).toMatchObject({ team: 'default' });
    });

    const moves = JOB_STATES.flatMap((from) =>
      JOB_STATES.map((to) => ({ from, to, legal: TRANSITIONS[from].includes(to) })),
    );
    it.each(moves)('$from → $to is done: $legal', async ({ from, to, legal }) => {
      await store.create(aJob({ status: from }));
      const moved = await store.transition('toy-1', to);
      expect(moved?.status).toBe(legal ? to : undefined);
      expect((await store.get('toy-1'))!.status).toBe(legal ? to : from);
    });

    it('writes changes with the transition', async () => {
      await store.create(aJob());
      const moved = await store.transition('toy-1', 'STARTING', { execution: 'e-1' });
      expect(moved).toMatchObject({ status: 'STARTING', execution: 'e-1' });
      expect(await store.get('toy-1')).toEqual(moved);
    });

    it('refuses a transition that is meant for another execution', async () => {
      await store.create(aJob({ status: 'STARTING', execution: 'e-2' }));
      expect(await store.transition('toy-1', 'FAILED', {}, 'e-1')).toBeUndefined();
      expect(await store.transition('toy-1', 'RUNNING', {}, 'e-2')).toMatchObject({ status: 'RUNNING' });
    });

    it('says undefined for a job that is not there', async () => {
      expect(await store.transition('toy-9', 'STARTING')).toBeUndefined();
    });

    it('forgets how the last start went when a job waits for the next', async () => {
      const error = { name: 'ToolError', message: 'no ffmpeg' };
      const progress = { step: 'Cut', percent: 50, done: 1, total: 2 };
      await store.create(aJob({ status: 'FAILED', error, progress, endedAt: '2026-01-01T00:01:00.000Z' }));
      const moved = (await store.transition('toy-1', 'QUEUED', { execution: 'e-2' }))!;
      expect(moved).toEqual(aJob({ status: 'QUEUED', execution: 'e-2' }));
    });

    it('lets exactly one of many take a transition', async () => {
      await store.create(aJob());
      const moved = await Promise.all(Array.from({ length: 20 }, () => store.transition('toy-1', 'STARTING')));
      expect(moved.filter((job) => job !== undefined)).toHaveLength(1);
    });

    describe('progress', () => {
      const at = (percent: number, step = 'Cut') => ({ step, percent, done: percent, total: 100 });
      const running = () => store.create(aJob({ status: 'RUNNING', execution: 'e-1' }));

      it.each([
        { name: 'is written', writes: [at(10), at(20)], last: at(20) },
        { name: 'never runs backwards', writes: [at(20), at(10)], last: at(20) },
        { name: 'begins anew with another step', writes: [at(100), at(5, 'Detect')], last: at(5, 'Detect') },
      ])('$name', async ({ writes, last }) => {
        await running();
        for (const progress of writes) expect(await store.progress('toy-1', 'e-1', progress)).toBe(true);
        expect((await store.get('toy-1'))!.progress).toEqual(last);
      });

      it.each([
        { name: 'another execution', status: 'RUNNING' as JobState, execution: 'e-0' },
        { name: 'a job that does not run', status: 'CANCELING' as JobState, execution: 'e-1' },
      ])('of $name is refused', async ({ status, execution }) => {
        await store.create(aJob({ status, execution: 'e-1' }));
        expect(await store.progress('toy-1', execution, at(10))).toBe(false);
        expect((await store.get('toy-1'))!.progress).toBeUndefined();
      });
    });

    it('counts the attempts of each step and shard for itself, from 1', async () => {
      expect(await store.latestAttempt('toy-1', 'Cut')).toBe(0);
      expect(await store.nextAttempt('toy-1', 'Cut')).toBe(1);
      expect(await store.nextAttempt('toy-1', 'Cut')).toBe(2);
      expect(await store.nextAttempt('toy-1', 'Cut', 0)).toBe(1);
      expect(await store.nextAttempt('toy-1', 'Detect')).toBe(1);
      expect(await store.nextAttempt('toy-2', 'Cut')).toBe(1);
      expect(await store.latestAttempt('toy-1', 'Cut')).toBe(2);
    });

    it('never hands out an attempt number twice', async () => {
      const numbers = await Promise.all(Array.from({ length: 50 }, () => store.nextAttempt('toy-1', 'Cut')));
      expect(new Set(numbers).size).toBe(50);
    });

    describe('a list', () => {
      const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
      const add = (number: number, changes: Partial<Job> = {}) =>
        store.create(aJob({ id: `toy-${number}`, createdAt: at(number), ...changes }));
      const ids = async (query: Partial<JobQuery> = {}) =>
        (await store.list({ team: 'default', limit: 10, ...query })).jobs.map(({ id }) => id);

      it('has whole records, newest first, of one team', async () => {
        await add(1);
        await add(2, { params: { text: 'grüße' } });
        await add(3, { team: 'other' });
        await store.nextAttempt('toy-1', 'Cut');
        const { jobs, ...rest } = await store.list({ team: 'default', limit: 10 });
        expect(jobs).toEqual([
          aJob({ id: 'toy-2', createdAt: at(2), params: { text: 'grüße' } }),
          aJob({ id: 'toy-1', createdAt: at(1) }),
        ]);
        expect(rest).toEqual({});
        expect(await ids({ team: 'nobody' })).toEqual([]);
      });

      it.each([
        { name: 'a state', query: { status: ['FAILED'] }, found: ['toy-4'] },
        { name: 'several states', query: { status: ['FAILED', 'RUNNING'] }, found: ['toy-4', 'toy-2'] },
        { name: 'no state at all', query: { status: [] }, found: [] },
        { name: 'a workload', query: { workload: 'dataset' }, found: ['toy-3'] },
        { name: 'a project', query: { project: 'bridge' }, found: ['toy-4', 'toy-3'] },
        { name: 'a time', query: { since: at(3) }, found: ['toy-4', 'toy-3'] },
        { name: 'a time to come', query: { since: at(59) }, found: [] },
        { name: 'all at once', query: { status: ['FAILED'], project: 'bridge', since: at(2) }, found: ['toy-4'] },
      ] as { name: string; query: Partial<JobQuery>; found: string[] }[])(
        'is narrowed by $name',
        async ({ query, found }) => {
          await add(1);
          await add(2, { status: 'RUNNING' });
          await add(3, { workload: 'dataset', project: 'bridge' });
          await add(4, { status: 'FAILED', project: 'bridge' });
          expect(await ids(query)).toEqual(found);
        },
      );

      it('goes by the state that a job has now', async () => {
        await add(1);
        await store.transition('toy-1', 'STARTING');
        expect(await ids({ status: ['QUEUED'] })).toEqual([]);
        expect(await ids({ status: ['STARTING'] })).toEqual(['toy-1']);
      });

      const pagesOf = async (query: Partial<JobQuery>, between = async (_page: number) => {}) => {
        const pages: string[][] = [];
        for (let cursor: string | undefined; ; ) {
          const { jobs, next } = await store.list({ team: 'default', limit: 3, ...query, cursor });
          pages.push(jobs.map(({ id }) => id));
          if (next === undefined) return pages;
          cursor = next;
          await between(pages.length);
        }
      };

      it('is paged without gaps or repeats while jobs arrive, also among jobs of one moment', async () => {
        for (const number of [1, 2, 3, 4, 5, 6, 7]) await add(number, { createdAt: at(number < 4 ? 1 : 2) });
        expect(await pagesOf({}, async (page) => void (await add(90 + page, { createdAt: at(50) })))).toEqual([
          ['toy-7', 'toy-6', 'toy-5'],
          ['toy-4', 'toy-3', 'toy-2'],
          ['toy-1'],
        ]);
      });

      it.each([
        { name: 'has no cursor when the last page is full', count: 6, pages: [3, 3] },
        { name: 'is one empty page when there is nothing', count: 0, pages: [0] },
      ])('$name', async ({ count, pages }) => {
        for (let number = 0; number < count; number += 1) await add(number);
        expect((await pagesOf({})).map((page) => page.length)).toEqual(pages);
      });

      it('fills its pages however few of the jobs fit', async () => {
        for (let number = 1; number <= 24; number += 1) await add(number, number % 6 === 0 ? { status: 'FAILED' } : {});
        expect(await pagesOf({ status: ['FAILED'], since: at(5) })).toEqual([
          ['toy-24', 'toy-18', 'toy-12'],
          ['toy-6'],
        ]);
      });

      it('ends at a time that is later than its cursor', async () => {
        for (const number of [1, 2, 3, 4]) await add(number);
        const { next } = await store.list({ team: 'default', limit: 2 });
        expect(await ids({ cursor: next, since: at(4) })).toEqual([]);
      });

      it.each(['', 'nonsense', 'toy-1', Buffer.from('~').toString('base64url')])(
        'refuses the cursor "%s", which no page gave',
        async (cursor) => {
          await expect(store.list({ team: 'default', limit: 3, cursor })).rejects.toMatchObject({ name: 'InputError' });
        },
      );
    });

    describe('a lane', () => {
      const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
      const add = (number: number, changes: Partial<Job> = {}) =>
        store.create(aJob({ id: `toy-${number}`, createdAt: at(number), ...changes }));
      const lane: Lane = { pool: 'cpu', priority: 'normal', team: 'default' };
      const ids = async (limit = 10, after?: Job) => (await store.waiting(lane, limit, after)).map(({ id }) => id);

      it('holds the jobs of one pool, priority and team, oldest first', async () => {
        for (const number of [3, 1, 2]) await add(number);
        await add(4, { pool: 'gpu' });
        await add(5, { priority: 'high' });
        await add(6, { team: 'other' });
        expect(await ids()).toEqual(['toy-1', 'toy-2', 'toy-3']);
        expect(await store.waiting({ pool: 'gpu', priority: 'normal', team: 'default' }, 10)).toEqual([
          aJob({ id: 'toy-4', createdAt: at(4), pool: 'gpu' }),
        ]);
        expect(await store.lanes('cpu')).toEqual(
          expect.arrayContaining([lane, { ...lane, priority: 'high' }, { ...lane, team: 'other' }]),
        );
        expect(await store.lanes('gpu')).toEqual([{ ...lane, pool: 'gpu' }]);
      });

      it('is read page by page, also behind a job that has left it', async () => {
        for (const number of [1, 2, 3, 4, 5]) await add(number);
        expect(await ids(2)).toEqual(['toy-1', 'toy-2']);
        const [, second] = await store.waiting(lane, 2);
        expect(await ids(2, second)).toEqual(['toy-3', 'toy-4']);
        await store.transition('toy-2', 'STARTING');
        expect(await ids(9, second)).toEqual(['toy-3', 'toy-4', 'toy-5']);
      });

      it('holds no job that was started, cancelled or never queued', async () => {
        for (const number of [1, 2, 3]) await add(number);
        await store.transition('toy-1', 'STARTING');
        await store.transition('toy-2', 'CANCELED');
        await add(4, { status: 'REJECTED' });
        expect(await ids()).toEqual(['toy-3']);
        expect(await store.depth(lane, 10)).toBe(1);
      });

      it('takes a job up again that is redriven, at its old place', async () => {
        await add(2);
        await add(1, { status: 'FAILED', execution: 'toy-1' });
        await store.transition('toy-1', 'QUEUED', { execution: 'toy-1-redrive-1' }, 'toy-1');
        expect(await ids()).toEqual(['toy-1', 'toy-2']);
        expect(await store.transition('toy-9', 'QUEUED')).toBeUndefined();
      });

      it('is counted, up to a limit, and up to a moment', async () => {
        expect(await store.depth(lane, 10)).toBe(0);
        for (const number of [1, 2, 3, 4, 5]) await add(number);
        expect(await store.depth(lane, 10)).toBe(5);
        expect(await store.depth(lane, 3)).toBe(3);
        expect(await store.depth(lane, 10, at(3))).toBe(2);
      });

      it('may be of a team with any sign in its name', async () => {
        const team = 'a#b$';
        await add(1, { team });
        expect(await store.lanes('cpu')).toEqual([{ ...lane, team }]);
        expect(await store.waiting({ ...lane, team }, 10)).toHaveLength(1);
      });
    });
  });
}
