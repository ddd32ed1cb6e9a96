import { beforeEach, describe, expect, it } from 'vitest';
import type { JobStore } from '#core/ports';
import { aJob } from './job-store.ts';

/** What every JobStore promises of the plans of starts. `open` gives a store that holds nothing. */
export function jobPlanSuite(name: string, open: () => Promise<JobStore>): void {
  describe(`${name} as a JobStore of plans`, () => {
    let store: JobStore;
    beforeEach(async () => {
      store = await open();
    });

    it('keeps the first plan of a start, with what it takes over, and tells it to all who plan', async () => {
      const planned = { execution: 'e-1', plan: { Cut: 'reuse' as const }, keys: { Cut: 'aa' }, stamps: ['1'] };
      const reused = [{ step: 'Cut', from: 'toy-0' }];
      await store.create(aJob({ execution: 'e-1' }));
      expect(await store.plan('toy-1', planned, reused)).toMatchObject({ planned, reused });
      const rival = await store.plan('toy-1', { execution: 'e-1', plan: { Cut: 'cpu' } }, []);
      expect(rival).toMatchObject({ planned, reused });
      expect(await store.get('toy-1')).toEqual(rival);
    });

    it('keeps a new plan for a new start, and leaves what was taken over', async () => {
      const reused = [{ step: 'Cut', from: 'toy-0' }];
      const planned = { execution: 'e-1', plan: {} };
      await store.create(aJob({ execution: 'e-2', planned, reused }));
      const again = { execution: 'e-2', plan: { Cut: 'reuse' as const } };
      expect(await store.plan('toy-1', again)).toMatchObject({ planned: again, reused });
    });

    it.each([
      { name: 'one that does not wait', job: aJob({ status: 'STARTING', execution: 'e-1' }) },
      { name: 'one of another execution', job: aJob({ execution: 'e-2' }) },
    ])('keeps no plan of $name', async ({ job }) => {
      await store.create(job);
      expect(await store.plan('toy-1', { execution: 'e-1', plan: {} })).toBeUndefined();
      expect(await store.get('toy-1')).toEqual(job);
    });
  });
}
