import { beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '#core/notices';
import { tellStep } from '#runtime/step-notices';
import { aJob } from '../conformance/job-store.ts';

let told: Notice[];
let warned: Record<string, unknown>[];
let isDown: boolean;
beforeEach(() => {
  told = [];
  warned = [];
  isDown = false;
});

const quiet = () => {};
const ports = {
  notices: {
    async publish(notice: Notice) {
      if (isDown) throw new Error('the bus is down');
      told.push(notice);
    },
  },
  jobs: { get: async (id: string) => (id === 'toy-1' ? aJob({ status: 'RUNNING', execution: 'toy-1' }) : undefined) },
  logger: {
    debug: quiet,
    info: quiet,
    error: quiet,
    warn: (_message: string, fields = {}) => void warned.push(fields),
  },
};
const call = { jobId: 'toy-1', execution: 'toy-1', step: 'CheckWords', attempt: 'request-1' };

describe('a step on Lambda', () => {
  it('tells that it began and how it ended, in this order', async () => {
    await tellStep(call, ports)({ name: 'MediaError' });
    expect(told).toMatchObject([
      { type: 'step-start', job: { step: 'CheckWords' } },
      { type: 'step-end', job: { step: 'CheckWords', error: 'MediaError' } },
    ]);
  });

  it('tells each of its calls as another one', async () => {
    await tellStep(call, ports)();
    await tellStep({ ...call, attempt: 'request-2' }, ports)();
    expect(new Set(told.map(({ id }) => id)).size).toBe(4);
  });

  it('does its work also where it can’t tell, and logs that', async () => {
    isDown = true;
    await tellStep(call, ports)();
    expect(warned).toEqual([{ reason: 'Error: the bus is down' }, { reason: 'Error: the bus is down' }]);
  });

  it('tells nothing of a job that is not there', async () => {
    await tellStep({ ...call, jobId: 'toy-2' }, ports)();
    expect(told).toEqual([]);
  });
});
