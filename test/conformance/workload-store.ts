import { beforeEach, describe, expect, it } from 'vitest';
import { loadOutside } from '#runtime/outside/outside-workload';
import type { WorkloadStore } from '#runtime/outside/workload-store';
import { aWorkloadFolder } from '../helpers/programs.ts';

/** What every WorkloadStore promises. `open` gives one that holds nothing. */
export function workloadStoreSuite(name: string, open: () => Promise<WorkloadStore>): void {
  describe(`${name} as WorkloadStore`, () => {
    let store: WorkloadStore;
    beforeEach(async () => {
      store = await open();
    });
    const aVersion = (version: string, workload = 'own-model', title = 'Own') =>
      loadOutside(aWorkloadFolder('', { name: workload, version, title }));

    it('holds nothing at first', async () => {
      expect(await store.names()).toEqual([]);
      expect(await store.versions('own-model')).toEqual([]);
      expect(await store.release('own-model')).toBeUndefined();
    });

    it('gives a version as it was added, its machine with it', async () => {
      const added = await aVersion('0.1.0');
      await store.add(added);
      const { name: loaded, version, steps, outside } = await store.load('own-model', '0.1.0');
      expect([loaded, version, Object.keys(steps)]).toEqual(['own-model', '0.1.0', Object.keys(added.steps)]);
      expect(outside!.machine).toEqual(added.outside!.machine);
      expect(outside!.definition).toEqual(added.outside!.definition);
    });

    it('keeps a machine that is the workload’s own', async () => {
      const { outside } = await aVersion('0.1.0');
      const machine = { ...outside!.machine, TimeoutSeconds: 60 };
      const files = { 'own.asl.json': JSON.stringify(machine) };
      await store.add(await loadOutside(aWorkloadFolder('', { machine: 'own.asl.json' }, files)));
      expect((await store.load('own-model', '0.1.0')).outside!.machine).toEqual(machine);
    });

    it('lists names in order, and versions as numbers, the oldest first', async () => {
      for (const version of ['0.10.0', '0.9.0', '1.0.0']) await store.add(await aVersion(version));
      await store.add(await aVersion('0.1.0', 'another'));
      expect(await store.names()).toEqual(['another', 'own-model']);
      expect(await store.versions('own-model')).toEqual(['0.9.0', '0.10.0', '1.0.0']);
    });

    it('never changes a version that is there', async () => {
      await store.add(await aVersion('0.1.0'));
      const other = store.add(await aVersion('0.1.0', 'own-model', 'Other'));
      await expect(other).rejects.toThrow('own-model@0.1.0 is registered already, and a version stays what it is');
      expect((await store.load('own-model', '0.1.0')).title).toBe('Own');
    });

    it('shows a version once what it runs on is there, and takes it again when that failed', async () => {
      const fails = store.add(await aVersion('0.1.0', 'own-model', 'First'), async () => {
        expect(await store.versions('own-model')).toEqual([]);
        throw new Error('no room');
      });
      await expect(fails).rejects.toThrow('no room');
      expect(await store.versions('own-model')).toEqual([]);
      await store.add(await aVersion('0.1.0', 'own-model', 'Second'));
      expect((await store.load('own-model', '0.1.0')).title).toBe('Second');
    });

    it('changes a release from what it is', async () => {
      await store.add(await aVersion('0.1.0'));
      expect(await store.changeRelease('own-model', () => ({ current: '0.1.0' }))).toEqual({ current: '0.1.0' });
      const canary = { version: '0.2.0', percent: 10 };
      await store.changeRelease('own-model', (before) => ({ ...before!, canary }));
      expect(await store.release('own-model')).toEqual({ current: '0.1.0', canary });
      const refused = store.changeRelease('own-model', () => {
        throw new Error('not this one');
      });
      await expect(refused).rejects.toThrow('not this one');
      expect(await store.release('own-model')).toEqual({ current: '0.1.0', canary });
      expect(await store.versions('own-model')).toEqual(['0.1.0']);
    });
  });
}
