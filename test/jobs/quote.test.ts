import { describe, expect, it } from 'vitest';
import { PRICES } from '#core/prices';
import type { Workload } from '#core/workload';
import { type PastJob, quoteOf } from '#jobs/quote';
import { FIRST_GUESS } from '#jobs/quote-guess';
import toy from '../helpers/toy/workload.ts';

const workload = toy as Workload;
const plan = { SplitWords: 'cpu', CountLetters: 'cpu' } as const;
const quote = (past: PastJob[], inputBytes?: number) => quoteOf({ workload, plan, past, inputBytes });

/** Jobs that took a second and a cent a byte. */
const jobsOf = (...sizes: number[]) =>
  sizes.map((inputBytes) => ({ inputBytes, seconds: inputBytes, usd: inputBytes / 100 }));

describe('a quote from past jobs', () => {
  it('makes each as large as the job to come', () => {
    const { seconds, usd, basis, prices } = quote(jobsOf(50, 100, 200, 400, 800), 1000);
    expect(seconds).toEqual({ low: 1000, likely: 1000, high: 1000 });
    expect(usd).toEqual({ low: 10, likely: 10, high: 10 });
    expect(basis).toMatchObject({ jobs: 5, how: expect.stringMatching(/nearest in size/) });
    expect(prices).toBe(PRICES.date);
  });

  it('is as wide as they differed', () => {
    const past = Array.from({ length: 11 }, (_, index) => ({ inputBytes: 100, seconds: 10 + index, usd: 1 }));
    expect(quote(past, 100).seconds).toEqual({ low: 11, likely: 15, high: 19 });
  });

  it('looks at those that are nearest in size: others are of another kind', () => {
    const large = Array.from({ length: 15 }, () => ({ inputBytes: 1000, seconds: 100, usd: 1 }));
    const small = Array.from({ length: 15 }, () => ({ inputBytes: 1, seconds: 100, usd: 1 }));
    expect(quote([...small, ...large], 900).seconds.likely).toBe(90);
  });

  it('is wider when there are few', () => {
    expect(quote(jobsOf(100, 100), 100)).toMatchObject({
      seconds: { low: 50, likely: 100, high: 200 },
      basis: { jobs: 2 },
    });
  });

  it.each([
    { what: 'the new input can not be looked at', past: jobsOf(100, 100, 300, 300, 300), inputBytes: undefined },
    {
      what: 'the sizes of theirs are not known',
      past: [100, 100, 300, 300, 300].map((seconds) => ({ seconds, usd: 1 })),
      inputBytes: 5,
    },
    { what: 'the new input is empty', past: jobsOf(100, 100, 300, 300, 300), inputBytes: 0 },
  ])('says so when it can not go by size, because $what', ({ past, inputBytes }) => {
    const { seconds, basis } = quote(past, inputBytes);
    expect(seconds).toEqual({ low: 100, likely: 300, high: 300 });
    expect(basis.how).toMatch(/whatever the size/);
  });

  it('leaves out what is taken over from other jobs', () => {
    const past = Array.from({ length: 5 }, () => ({ seconds: 100, usd: 4, steps: { SplitWords: 3, CountLetters: 1 } }));
    const { seconds, usd } = quoteOf({ workload, plan: { SplitWords: 'reuse', CountLetters: 'cpu' }, past });
    expect([seconds.likely, usd.likely]).toEqual([25, 1]);
  });
});

describe('a quote without past jobs', () => {
  it('is called a first guess', () => {
    expect(quote([], 1e9).basis).toEqual({ jobs: 0, how: expect.stringMatching(/first guess/) });
  });

  it('goes by the sizes and the limits of the steps', () => {
    // Two containers of 60 s at most each, after 45 s to start, and three functions.
    const { seconds, usd } = quote([], 1e12);
    expect(seconds.high).toBe(2 * (45 + 60) + 3 * 4 * FIRST_GUESS.functionSeconds);
    expect(usd.low).toBeLessThan(usd.likely + Number.EPSILON);
    expect(usd.high).toBeGreaterThan(0.001);
  });

  it('grows with the input', () => {
    const small = quote([], 1e6).seconds.likely;
    expect(quote([], 5e7).seconds.likely).toBeGreaterThan(small);
    expect(quote([]).seconds).toEqual(quote([], 1e9).seconds);
  });

  it('leaves out what is taken over from other jobs', () => {
    const all = quote([], 1e9);
    const part = quoteOf({ workload, plan: { SplitWords: 'reuse', CountLetters: 'cpu' }, past: [], inputBytes: 1e9 });
    expect(part.seconds.likely).toBeLessThan(all.seconds.likely);
    expect(part.usd.likely).toBeLessThan(all.usd.likely);
  });

  it('knows a GPU from a CPU', () => {
    const steps = { Look: { ...toy.steps.SplitWords!, devices: ['gpu', 'cpu'] } as Workload['steps'][string] };
    const [cpu, gpu] = (['cpu', 'gpu'] as const).map((device) =>
      quoteOf({ workload: { ...workload, steps }, plan: { Look: device }, past: [], inputBytes: 1e9 }),
    );
    expect(gpu!.usd.likely).toBeGreaterThan(cpu!.usd.likely);
  });
});
