import { beforeEach, describe, expect, it } from 'vitest';
import { JOB_STATES, type Job, type JobState, TRANSITIONS } from '#core/job';
import type { JobStore } from '#core/ports';

/** A job for tests. */
export function aJob(changes: Partial<Job> = {}): Job {
  return {
    id: 'toy-1',
    workload: 'toy',
    workloadVersion: '1.0.0',
    team: 'default',
    project: 'default',
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

    it('forgets how the last start went when a job starts again', async () => {
      const error = { name: 'ToolError', message: 'no ffmpeg' };
      const progress = { step: 'Cut', percent: 50, done: 1, total: 2 };
      await store.create(aJob({ status: 'FAILED', error, progress, endedAt: '2026-01-01T00:01:00.000Z' }));
      const moved = (await store.transition('toy-1', 'STARTING', { execution: 'e-2' }))!;
      expect(moved).toEqual(aJob({ status: 'STARTING', execution: 'e-2' }));
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
        for (const progress of writes) await store.progress('toy-1', 'e-1', progress);
        expect((await store.get('toy-1'))!.progress).toEqual(last);
      });

      it.each([
        { name: 'another execution', status: 'RUNNING' as JobState, execution: 'e-0' },
        { name: 'a job that does not run', status: 'CANCELING' as JobState, execution: 'e-1' },
      ])('of $name is ignored', async ({ status, execution }) => {
        await store.create(aJob({ status, execution: 'e-1' }));
        await store.progress('toy-1', execution, at(10));
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

    describe('what nobody started', () => {
      const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;
      const ids = async (before: string, limit = 10) => (await store.unstarted(before, limit)).map(({ id }) => id);

      beforeEach(async () => {
        for (const minute of [3, 1, 2]) await store.create(aJob({ id: `toy-${minute}`, createdAt: at(minute) }));
      });

      it('is told, oldest first, as far as it is older than asked for', async () => {
        expect(await ids(at(3))).toEqual(['toy-1', 'toy-2']);
        expect(await store.unstarted(at(2), 10)).toEqual([aJob({ id: 'toy-1', createdAt: at(1) })]);
      });

      it('is told up to the limit', async () => {
        expect(await ids(at(9), 2)).toEqual(['toy-1', 'toy-2']);
      });

      it('is no job that was started, cancelled or never queued', async () => {
        await store.transition('toy-1', 'STARTING');
        await store.transition('toy-2', 'CANCELED');
        await store.create(aJob({ id: 'toy-4', status: 'REJECTED', createdAt: at(0) }));
        expect(await ids(at(9))).toEqual(['toy-3']);
      });
    });
  });
}
