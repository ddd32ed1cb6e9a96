import { afterEach, describe, expect, it } from 'vitest';
import type { LocalPlatformOptions } from '#runtime/local';
import { aFolder } from '../helpers/state-folder.ts';
import { until } from '../helpers/state-processes.ts';
import { openToyPlatform, type ToyPlatform } from '../helpers/toy/platform.ts';

const open: ToyPlatform[] = [];

async function aPlatform(folder: string, options: Partial<LocalPlatformOptions>): Promise<ToyPlatform> {
  const platform = await openToyPlatform(folder, { reuse: false, slots: 8, ...options });
  open.push(platform);
  return platform;
}

afterEach(async () => {
  for (const platform of open.splice(0)) {
    await platform.stopWork();
    platform.close();
  }
});

describe('a machine that has two places for jobs', () => {
  it('runs two of six at a time, and all of them in the end', async () => {
    const underWay = new Set<string>();
    let most = 0;
    const platform = await aPlatform(aFolder(), {
      jobsAtOnce: 2,
      onEvent(event, execution) {
        if (event.type === 'ExecutionStarted') underWay.add(execution);
        most = Math.max(most, underWay.size);
        if (/^Execution(?!Started)/.test(event.type)) underWay.delete(execution);
      },
    });
    const request = await platform.request('one');
    const jobs = await Promise.all(Array.from({ length: 6 }, () => platform.submit(request)));
    const ends = await Promise.all(jobs.map(({ id }) => platform.settled(id)));
    expect(ends.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'SUCCEEDED'));
    expect(most).toBe(2);
    expect(await platform.leases.all()).toEqual([]);
  });

  it('hands the place of a cancelled job to the next', async () => {
    const platform = await aPlatform(aFolder(), { jobsAtOnce: 1 });
    const hanging = await platform.submit(await platform.request('one', { fault: 'SplitWords-before:hang-always' }));
    const next = await platform.submit(await platform.request('one'));
    expect(next.status).toBe('QUEUED');
    await platform.cancel(hanging.id);
    expect((await platform.settled(next.id)).status).toBe('SUCCEEDED');
    expect((await platform.settled(hanging.id)).status).toBe('CANCELED');
  });

  it('goes on when nobody is told of an end: a sweep finds it', async () => {
    const chaos = { dropEvents: 1, doubleEvents: 0, denyCapacity: 0, slowStoreMs: 0 };
    const platform = await aPlatform(aFolder(), { jobsAtOnce: 1, chaos });
    const request = await platform.request('one');
    const [first, second] = [await platform.submit(request), await platform.submit(request)];
    expect(second.status).toBe('QUEUED');
    await until(async () => {
      await platform.sweep();
      return (await platform.jobs.get(second.id))!.status === 'SUCCEEDED';
    }, 'both had their turn');
    expect((await platform.jobs.get(first.id))!.status).toBe('SUCCEEDED');
    expect(await platform.leases.all()).toEqual([]);
  });
});
