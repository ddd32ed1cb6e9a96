import { beforeEach, describe, expect, it } from 'vitest';
import type { JobQuery, JobStore } from '#core/ports';
import { aJob } from './job-store.ts';

/** What every JobStore promises of batches. `open` gives a store that holds nothing. */
export function batchMembersSuite(name: string, open: () => Promise<JobStore>): void {
  describe(`members of a batch in ${name}`, () => {
    let store: JobStore;
    beforeEach(async () => {
      store = await open();
      for (const [index, status] of (['QUEUED', 'FAILED', 'QUEUED'] as const).entries()) {
        await store.create(aJob({ id: `toy-${index}`, batch: 'batch-1', status }));
      }
      await store.create(aJob({ id: 'toy-alone' }));
      await store.create(aJob({ id: 'toy-other', batch: 'batch-2', team: 'other' }));
    });

    it('are counted by their states', async () => {
      expect(await store.countsOf('batch-1')).toEqual({ QUEUED: 2, FAILED: 1 });
      await store.transition('toy-0', 'STARTING');
      expect(await store.countsOf('batch-1')).toEqual({ QUEUED: 1, STARTING: 1, FAILED: 1 });
      expect(await store.countsOf('batch-none')).toEqual({});
    });

    it('are listed as jobs are, their own team alone', async () => {
      const ids = async (query: Partial<JobQuery>) =>
        (await store.list({ team: 'default', limit: 2, ...query })).jobs.map(({ id }) => id);
      const { next } = await store.list({ team: 'default', batch: 'batch-1', limit: 2 });
      expect(await ids({ batch: 'batch-1' })).toEqual(['toy-2', 'toy-1']);
      expect(await ids({ batch: 'batch-1', cursor: next })).toEqual(['toy-0']);
      expect(await ids({ batch: 'batch-1', status: ['FAILED'], workload: 'toy' })).toEqual(['toy-1']);
      expect(await ids({ batch: 'batch-2' })).toEqual([]);
    });
  });
}
