import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '#core/job';
import { aJob } from '../../conformance/job-store.ts';
import { anApi, type LocalApi } from '../../helpers/jobs-api.ts';

let api: LocalApi;
beforeEach(async () => {
  api = await anApi();
});

async function failedIn(step: string, more: Partial<Job> = {}): Promise<void> {
  const error = { name: 'States.TaskFailed', message: 'The task ended with exit code 137.', step };
  const sizes = { SplitWords: { vcpu: 1, memoryMiB: 2048 }, CountLetters: { vcpu: 1, memoryMiB: 2048 } };
  const times = { createdAt: '2026-02-01T00:00:00.000Z', endedAt: '2026-02-01T00:01:00.000Z' };
  const job = { workloadVersion: '1.0.0', execution: 'toy-1', sizes, error, ...times };
  await api.options.jobs.create(aJob({ status: 'FAILED', team: 'red', ...job, ...more }));
}

describe('POST /jobs/{id}/redrive?size=next', () => {
  it('gives the step that failed the next size, and the execution is told', async () => {
    await failedIn('SplitWords');
    const { status, body } = await api.ask('POST', '/jobs/toy-1/redrive?size=next');
    expect(status).toBe(202);
    expect(body.sizes).toEqual({
      SplitWords: { vcpu: 1, memoryMiB: 4096 },
      CountLetters: { vcpu: 1, memoryMiB: 2048 },
    });
    expect(api.started.at(-1)!.input.size).toMatchObject({ SplitWords: { Cpu: 1024, Memory: 4096 } });
  });

  it.each<{ what: string; step: string; job?: Partial<Job>; query: string; status: number; code: string }>([
    { what: 'a function', step: 'CheckWords', query: '?size=next', status: 409, code: 'NoLargerSize' },
    {
      what: 'the largest size',
      step: 'SplitWords',
      job: { sizes: { SplitWords: { vcpu: 16, memoryMiB: 65_536 } } },
      query: '?size=next',
      status: 409,
      code: 'NoLargerSize',
    },
    {
      what: 'a job that did not fail',
      step: 'SplitWords',
      job: { status: 'SUCCEEDED' },
      query: '?size=next',
      status: 409,
      code: 'NotReplayable',
    },
    { what: 'a size of its own', step: 'SplitWords', query: '?size=huge', status: 400, code: 'InputError' },
  ])('refuses $what, and the job stays as it is', async ({ step, job, query, status, code }) => {
    await failedIn(step, job);
    const before = await api.options.jobs.get('toy-1');
    const answer = await api.ask('POST', `/jobs/toy-1/redrive${query}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await api.options.jobs.get('toy-1')).toEqual(before);
  });
});
