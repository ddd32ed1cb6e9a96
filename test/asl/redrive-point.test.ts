import { expect, it } from 'vitest';
import { redrivePoint } from '#asl/redrive-point';

const at = '2026-01-01T00:00:00.000Z';

it('is the last state that the execution was in, with the input it had there', () => {
  const input = { jobId: 'toy-1', plan: { Cut: 'cpu' } };
  const point = redrivePoint([
    { at, type: 'TaskStateEntered', state: 'Check', input: {} },
    { at, type: 'TaskStateEntered', state: 'Cut', input },
    { at, type: 'TaskFailed', state: 'Cut' },
  ]);
  expect(point).toEqual({ state: 'Cut', input, plan: { Cut: 'cpu' } });
});

it('is the Map itself when one of its iterations failed', () => {
  const point = redrivePoint([
    { at, type: 'MapStateEntered', state: 'Shards', input: { jobId: 'toy-1' } },
    { at, type: 'TaskStateEntered', state: 'Work', shard: 3, input: { shard: 3 } },
  ]);
  expect(point).toEqual({ state: 'Shards', input: { jobId: 'toy-1' }, plan: {} });
});

it('does not exist before the first state', () => {
  expect(redrivePoint([{ at, type: 'ExecutionStarted' }])).toBeUndefined();
});
