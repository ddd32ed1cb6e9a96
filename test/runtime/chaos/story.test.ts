import { expect, it } from 'vitest';
import { isSettled } from '#core/job';
import { type Chaos, NO_CHAOS } from '#runtime/chaos/switches';
import { aFolder } from '../../helpers/state-folder.ts';
import { until } from '../../helpers/state-processes.ts';
import { openToyPlatform } from '../../helpers/toy/platform.ts';

/** A platform on which this goes wrong every time. */
const withFaults = (chaos: Partial<Chaos>) => openToyPlatform(aFolder(), { chaos: { ...NO_CHAOS, ...chaos } });

it('an end that nobody is told of is found by the sweep, and frees its place', async () => {
  const platform = await withFaults({ dropEvents: 1 });
  const { id } = await platform.submit(await platform.request('one two'));
  await until(async () => (await platform.executions.status(id))?.status === 'SUCCEEDED', 'the execution ended');
  expect(isSettled((await platform.jobs.get(id))!.status)).toBe(false);
  expect((await platform.sweep()).settled).toEqual([id]);
  expect(await platform.jobs.get(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await platform.leases.all()).toEqual([]);
  platform.close();
});

it('an end that is told twice ends the job once', async () => {
  const platform = await withFaults({ doubleEvents: 1 });
  const job = await platform.runJob(await platform.request('one two'));
  expect(job.status).toBe('SUCCEEDED');
  expect(await platform.jobs.get(job.id)).toEqual(job);
  expect(await platform.leases.all()).toEqual([]);
  platform.close();
});

it('tasks that never find a machine fail the job, which says that capacity lacked and that a retry helps', async () => {
  const platform = await withFaults({ denyCapacity: 1 });
  const job = await platform.runJob(await platform.request('one two'));
  expect(job).toMatchObject({
    status: 'FAILED',
    error: { step: 'SplitWords', explanation: { kind: 'capacity', retryHelps: true } },
  });
  expect(await platform.deadLetters.list()).toMatchObject([{ jobId: job.id }]);
  platform.close();
});

it('slow stores delay a job and change nothing of it', async () => {
  const platform = await withFaults({ slowStoreMs: 5 });
  expect((await platform.runJob(await platform.request('one two'))).status).toBe('SUCCEEDED');
  platform.close();
});
