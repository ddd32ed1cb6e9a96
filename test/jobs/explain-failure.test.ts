import { describe, expect, it } from 'vitest';
import { explainFailure } from '#jobs/explain-failure';
import { attempt, explain, lambdaFailed, OOM, STEP, task, taskFailed } from '../helpers/failures.ts';

describe('the evidence', () => {
  it('says how much memory the largest attempt had used, of how much, and how often it was tried', () => {
    const attempts = [attempt({ peakMemoryMiB: 1900 }), { step: STEP, attempt: 2 }];
    expect(explain({ ...taskFailed(task({ ExitCode: 137, Reason: OOM })), attempts }).evidence).toEqual([
      `It was said: "${OOM}"`,
      'The largest attempt that could tell had used 1900 of 2048 MiB.',
      'SplitWords was tried 2 times.',
    ]);
  });

  it('calls a guess a guess', () => {
    expect(explain(taskFailed(task({ ExitCode: 137 }))).evidence[0]).toMatch(/probably it ran out of memory/);
  });

  it('says so when no attempt lived to tell', () => {
    const attempts = [{ step: STEP, attempt: 1 }];
    const { evidence } = explain({ ...taskFailed(task({ ExitCode: 137 })), attempts });
    expect(evidence[1]).toBe('It had 2048 MiB; no attempt lived to tell how much it used.');
  });

  it('counts the attempts of the shard that failed, not those of its siblings', () => {
    const step = 'CountLetters';
    const cause = task({ ExitCode: 1 });
    const { evidence } = explainFailure({
      job: { id: 'toy-1', workload: 'toy' },
      error: { name: 'States.TaskFailed', message: 'The task ended', step },
      history: [{ at: '2026-01-01T00:00:00Z', type: 'TaskFailed', state: step, shard: 1, cause }],
      attempts: [0, 0, 1, 1, 1].map((shard, index) => ({ step, shard, attempt: index })),
    });
    expect(evidence).toContain('CountLetters was tried 3 times.');
  });
});

it('memory on the largest machine, or in a function, is for the operator', () => {
  const sizes = { [STEP]: { vcpu: 16, memoryMiB: 65_536 } };
  const largest = explain({ ...taskFailed(task({ ExitCode: 137, Reason: OOM })), sizes });
  expect(largest).toMatchObject({ kind: 'memory', actor: 'operator', next: 'stepreel logs toy-1 --step SplitWords' });
  const inFunction = explain(lambdaFailed('Runtime.ExitError', 'signal: killed'), 'CheckWords');
  expect(inFunction).toMatchObject({
    kind: 'memory',
    actor: 'operator',
    next: 'stepreel logs toy-1 --step CheckWords',
  });
});

it('an error of which nothing but its name is known is explained all the same', () => {
  const job = { id: 'toy-1', workload: 'toy' };
  expect(explainFailure({ job, error: { name: 'States.Runtime', message: 'States.Runtime' } })).toEqual({
    kind: 'platform',
    evidence: ['The error is States.Runtime, which is not ours.'],
    retryHelps: true,
    actor: 'operator',
    next: 'stepreel redrive toy-1',
  });
  expect(explainFailure({ job, error: { name: 'States.TaskFailed', message: 'x' } }).kind).toBe('platform');
});
