import { expect, it } from 'vitest';
import { describeAgain } from '../../cli/do-again.ts';

const band = (likely: number) => ({ low: likely / 2, likely, high: likely * 2 });
const quote = {
  seconds: band(12),
  usd: band(0.0123),
  basis: { jobs: 3, how: 'From 3 past jobs.' },
  wait: { seconds: 0, reason: 'There is a place for it now.' },
  prices: '2026-11-21',
};
const steps = [
  { step: 'ExtractFrames', runs: 'none' as const, from: ['dataset-1'] },
  { step: 'DetectObjects', runs: 'rest' as const, from: ['dataset-1', 'dataset-2'] },
  { step: 'WriteReport', runs: 'all' as const, from: [] },
];

it('tells for each step what is taken over and from where, and what the rest would take', () => {
  expect(describeAgain('dataset-1', { way: 'redrive', steps, quote })).toBe(
    [
      'dataset-1 is started again',
      '  ExtractFrames  is taken over  from dataset-1',
      '  DetectObjects  runs in part   from dataset-1, dataset-2',
      '  WriteReport    runs',
      'Likely: 12.0 s, $0.0123 by the list prices of AWS. From 3 past jobs.',
      '',
    ].join('\n'),
  );
});

it('tells why a job is cloned that was to be started again', () => {
  const told = describeAgain('dataset-1', { way: 'clone', because: 'It was cancelled.', steps, quote });
  expect(told.split('\n')[0]).toBe('dataset-1 is cloned (not started again: It was cancelled.)');
});
