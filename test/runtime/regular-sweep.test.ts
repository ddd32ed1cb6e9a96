import { expect, it } from 'vitest';
import type { Swept } from '#jobs/sweep';
import { sweepRegularly } from '#runtime/regular-sweep';
import { until } from '../helpers/state-processes.ts';

const nothing: Swept = { started: [], waiting: [], failed: [], settled: [], released: [] };

it('sweeps one after another, tells each fault once, and goes on after one', async () => {
  const faults: string[] = [];
  let sweeps = 0;
  let atOnce = 0;
  const stop = sweepRegularly({
    everyMs: 1,
    onFault: (thrown) => faults.push((thrown as Error).message),
    async sweep() {
      sweeps += 1;
      atOnce += 1;
      expect(atOnce).toBe(1);
      await new Promise((done) => setTimeout(done, 2));
      atOnce -= 1;
      if (sweeps === 2) throw new Error('the disk is gone');
      return { ...nothing, failed: [{ jobId: 'toy-1', name: 'Error', message: 'AccessDenied' }] };
    },
  });
  await until(async () => sweeps > 5, 'it swept some times');
  await stop();
  const before = sweeps;
  await new Promise((done) => setTimeout(done, 10));
  expect(sweeps).toBe(before);
  expect(faults).toEqual(['toy-1: Error, AccessDenied', 'the disk is gone']);
});
