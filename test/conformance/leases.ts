import { beforeEach, describe, expect, it } from 'vitest';
import { type Lease, type Leases, poolQuota, teamQuota } from '#core/leases';

const aLease = (holder: string, changes: Partial<Lease> = {}): Lease => ({
  holder,
  jobId: holder,
  token: `token-of-${holder}`,
  until: '2026-01-01T00:00:00.000Z',
  ...changes,
});

/** What every Leases promises. `open` gives leases of which none is taken. */
export function leasesSuite(name: string, open: () => Promise<Leases>): void {
  describe(`${name} as Leases`, () => {
    const cpu = poolQuota('cpu');
    let leases: Leases;
    beforeEach(async () => {
      leases = await open();
    });

    it('gives as many places as there are, and one more when one comes back', async () => {
      expect(await leases.take(cpu, aLease('toy-1'), 2)).toBe('taken');
      expect(await leases.take(cpu, aLease('toy-2'), 2)).toBe('taken');
      expect(await leases.take(cpu, aLease('toy-3'), 2)).toBe('full');
      await leases.give(cpu, 'toy-1');
      expect(await leases.take(cpu, aLease('toy-3'), 2)).toBe('taken');
      expect(await leases.held(cpu)).toEqual([aLease('toy-2'), aLease('toy-3')]);
    });

    it('gives no more than that to many who ask at once (pitfall 23)', async () => {
      const asked = Array.from({ length: 30 }, (_, index) => leases.take(cpu, aLease(`toy-${index}`), 7));
      const takings = await Promise.all(asked);
      expect(takings.filter((taking) => taking === 'taken')).toHaveLength(7);
      expect(await leases.held(cpu)).toHaveLength(7);
    });

    it('gives a place of a full quota to whoever has it, and renews it', async () => {
      await leases.take(cpu, aLease('toy-1'), 1);
      expect(await leases.take(cpu, aLease('toy-1', { until: '2027' }), 1)).toBe('taken');
      expect(await leases.held(cpu)).toEqual([aLease('toy-1', { until: '2027' })]);
    });

    it('has one place for two who want the same execution', async () => {
      await leases.take(cpu, aLease('toy-1'), 9);
      expect(await leases.take(cpu, aLease('toy-1', { token: 'another' }), 9)).toBe('held');
      await leases.give(cpu, 'toy-1', 'another');
      expect(await leases.held(cpu)).toEqual([aLease('toy-1')]);
      await leases.give(cpu, 'toy-1', 'token-of-toy-1');
      expect(await leases.held(cpu)).toEqual([]);
    });

    it('moves the end of a lease, and brings back none that is gone', async () => {
      await leases.take(cpu, aLease('toy-1'), 1);
      await leases.renew(cpu, 'toy-1', '2027');
      expect(await leases.held(cpu)).toEqual([aLease('toy-1', { until: '2027' })]);
      await leases.give(cpu, 'toy-1');
      await leases.give(cpu, 'toy-1');
      await leases.renew(cpu, 'toy-1', '2028');
      expect(await leases.held(cpu)).toEqual([]);
    });

    it('counts each quota for itself, and tells of all', async () => {
      expect(await leases.all()).toEqual([]);
      await leases.give(teamQuota('red'), 'toy-1');
      await leases.take(teamQuota('red'), aLease('toy-1'), 1);
      await leases.take(cpu, aLease('toy-1'), 1);
      await leases.take(teamQuota('blue'), aLease('toy-2'), 1);
      expect(await leases.take(poolQuota('gpu'), aLease('toy-2'), 1)).toBe('taken');
      const all = (await leases.all()).map(({ quota, holder }) => `${quota} ${holder}`);
      expect(all.sort()).toEqual(['pool:cpu toy-1', 'pool:gpu toy-2', 'team:blue toy-2', 'team:red toy-1']);
      expect((await leases.all()).find(({ quota }) => quota === cpu)).toEqual({ quota: cpu, ...aLease('toy-1') });
    });

    it('takes beyond any limit when it is told to', async () => {
      await leases.take(cpu, aLease('toy-1'), 1);
      expect(await leases.take(cpu, aLease('toy-2'), Number.POSITIVE_INFINITY)).toBe('taken');
    });

    describe('a pause', () => {
      it('lets nobody into the pool, and those that are in stay', async () => {
        await leases.take(cpu, aLease('toy-1'), 9);
        await leases.pause('cpu');
        await leases.pause('cpu');
        expect(await leases.paused()).toEqual(['cpu']);
        expect(await leases.take(cpu, aLease('toy-2'), 9)).toBe('paused');
        expect(await leases.take(cpu, aLease('toy-1'), 9)).toBe('taken');
        expect(await leases.take(poolQuota('gpu'), aLease('toy-3'), 9)).toBe('taken');
        expect(await leases.held(cpu)).toHaveLength(1);
      });

      it('ends', async () => {
        await leases.resume('gpu');
        await leases.pause('gpu');
        await leases.resume('gpu');
        expect(await leases.paused()).toEqual([]);
        expect(await leases.take(poolQuota('gpu'), aLease('toy-1'), 1)).toBe('taken');
      });
    });
  });
}
