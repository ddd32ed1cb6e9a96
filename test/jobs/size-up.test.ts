import { expect, it } from 'vitest';
import type { Job } from '#core/job';
import type { Workload } from '#core/workload';
import { nextSizes, resized } from '#jobs/size-up';
import { aJob } from '../conformance/job-store.ts';
import toy from '../helpers/toy/workload.ts';

const failedIn = (step: string, sizes?: Job['sizes']) =>
  aJob({
    status: 'FAILED',
    error: { name: 'States.TaskFailed', message: 'killed', step },
    ...(sizes ? { sizes } : {}),
  });

it('the step that failed gets the next size, the others keep theirs', () => {
  const sizes = { CountLetters: { vcpu: 4, memoryMiB: 16_384 } };
  expect(nextSizes(failedIn('SplitWords', sizes), toy as Workload)).toEqual({
    SplitWords: { vcpu: 1, memoryMiB: 4096 },
    CountLetters: { vcpu: 4, memoryMiB: 16_384 },
  });
});

it('a second time it gets the one after', () => {
  const sizes = nextSizes(failedIn('SplitWords'), toy as Workload);
  expect(nextSizes(failedIn('SplitWords', sizes), toy as Workload).SplitWords).toEqual({ vcpu: 2, memoryMiB: 8192 });
});

it.each([
  {
    what: 'the largest',
    job: failedIn('SplitWords', { SplitWords: { vcpu: 16, memoryMiB: 65_536 } }),
    says: /16 vCPU and 65536 MiB/,
  },
  { what: 'a function', job: failedIn('CheckWords'), says: /CheckWords, which is not a container/ },
  { what: 'no step at all', job: aJob({ status: 'FAILED' }), says: /no step/ },
])('$what has no next size, and it is said why', ({ job, says }) => {
  expect(() => nextSizes(job, toy as Workload)).toThrow(says);
});

it('a state that is taken up again is told the new sizes, and keeps the rest of its input', () => {
  const input = { jobId: 'toy-1', plan: {}, size: { SplitWords: { Cpu: 1024, Memory: 2048 } } };
  const sizes = { SplitWords: { vcpu: 2, memoryMiB: 8192 } };
  expect(resized(input, { sizes })).toEqual({ ...input, size: { SplitWords: { Cpu: 2048, Memory: 8192 } } });
  expect(resized(input, {})).toEqual(input);
});
