import { describe, expect, it } from 'vitest';
import type { Explanation } from '#core/failure';
import { endAsJob } from '../../cli/job-end.ts';
import { whyFacts } from '../../cli/why-failed.ts';

const explanation: Explanation = {
  kind: 'memory',
  evidence: ['It was said: "OutOfMemoryError"', 'Cut was tried 4 times.'],
  retryHelps: false,
  actor: 'submitter',
  next: 'stepreel redrive toy-1 --size next',
};

describe('why a job failed', () => {
  it('is told in facts: the kind, the evidence, who acts, and the next command', () => {
    expect(whyFacts({ actor: 'operator', explanation })).toEqual([
      ['kind', 'memory: the memory was too small'],
      ['evidence', 'It was said: "OutOfMemoryError"'],
      ['', 'Cut was tried 4 times.'],
      ['who can act', 'submitter'],
      ['retry helps', 'no'],
      ['next', 'stepreel redrive toy-1 --size next'],
    ]);
  });

  it('is told as well as is known by an API that explains nothing', () => {
    expect(whyFacts({ actor: 'operator' })).toEqual([['who can act', 'operator']]);
  });
});

describe('the end of a command', () => {
  const error = { name: 'States.TaskFailed', message: 'The task ended with exit code 137.', step: 'Cut', explanation };

  it('that watched a job says why it failed and what to do next', () => {
    expect(() => endAsJob({ status: 'FAILED', error: { ...error, next: explanation.next } })).toThrow(
      /Cut failed\. The task ended with exit code 137\.\n {2}It was said.*\n {2}Cut was tried 4 times\.\n {2}Next: stepreel redrive toy-1 --size next$/,
    );
  });

  it('that ran the job itself names no job that is gone with it', () => {
    expect(() => endAsJob({ status: 'FAILED', error })).toThrow(/Run it again\.\n {2}It was said/);
    expect(() => endAsJob({ status: 'FAILED', error })).not.toThrow(/redrive/);
  });

  it('repeats nothing of a refusal, whose message has said all', () => {
    const refused = {
      name: 'MediaError',
      message: 'no picture',
      explanation: { ...explanation, kind: 'input' as const },
    };
    expect(() => endAsJob({ status: 'REJECTED', error: refused })).toThrow(/^no picture$/);
  });
});
