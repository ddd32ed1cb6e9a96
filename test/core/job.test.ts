import { describe, expect, it } from 'vitest';
import { isSettled, JOB_STATES, jobStateAfter, mayBecome, movedOn, TRANSITIONS } from '#core/job';
import { aJob } from '../conformance/job-store.ts';

describe('the states of a job', () => {
  it.each(JOB_STATES)('%s has its transitions, none of them to itself', (state) => {
    expect(TRANSITIONS[state]).not.toContain(state);
  });

  it('lead back to QUEUED only from a failure, for a redrive', () => {
    expect(JOB_STATES.filter((state) => TRANSITIONS[state].includes('QUEUED'))).toEqual(['FAILED', 'TIMED_OUT']);
  });

  it('that are settled lead only to EXPIRED or to a new start', () => {
    for (const state of JOB_STATES.filter(isSettled)) {
      expect(TRANSITIONS[state].filter((to) => !['EXPIRED', 'QUEUED'].includes(to))).toEqual([]);
    }
  });

  it.each([
    { from: 'FAILED', to: 'QUEUED', legal: true },
    { from: 'FAILED', to: 'STARTING', legal: false },
    { from: 'TIMED_OUT', to: 'QUEUED', legal: true },
    { from: 'REJECTED', to: 'STARTING', legal: false },
    { from: 'SUCCEEDED', to: 'FAILED', legal: false },
    { from: 'FAILED', to: 'SUCCEEDED', legal: false },
    { from: 'CANCELED', to: 'RUNNING', legal: false },
  ] as const)('$from → $to: $legal', ({ from, to, legal }) => {
    expect(mayBecome(from, to)).toBe(legal);
  });
});

it.each([
  { end: { status: 'SUCCEEDED', output: { WriteReport: { outcome: 'complete' } } }, state: 'SUCCEEDED' },
  { end: { status: 'SUCCEEDED', output: { WriteReport: { outcome: 'partial' } } }, state: 'PARTIAL' },
  { end: { status: 'SUCCEEDED', output: { rejected: {}, WriteReport: { outcome: 'complete' } } }, state: 'REJECTED' },
  { end: { status: 'SUCCEEDED' }, state: 'SUCCEEDED' },
  { end: { status: 'FAILED' }, state: 'FAILED' },
  { end: { status: 'TIMED_OUT' }, state: 'TIMED_OUT' },
  { end: { status: 'ABORTED' }, state: 'CANCELED' },
] as const)('after $end a job is $state', ({ end, state }) => {
  expect(jobStateAfter(end)).toBe(state);
});

describe('a job that moves on', () => {
  const error = { name: 'ToolError', message: 'no ffmpeg' };

  it('keeps what it has and takes the changes', () => {
    expect(movedOn(aJob({ error }), 'EXPIRED', { team: 'other' })).toEqual(
      aJob({ error, status: 'EXPIRED', team: 'other' }),
    );
  });

  it('forgets how its last start went when it starts again', () => {
    const job = aJob({ status: 'FAILED', error, endedAt: 'then', degraded: [{ step: 'Detect', reason: 'CPU' }] });
    expect(movedOn(job, 'STARTING')).toEqual(aJob({ status: 'STARTING' }));
  });
});
