import { expect, it } from 'vitest';
import { InputNotFoundError, TransientError } from '#core/errors';
import type { HistoryEvent } from '#core/ports';
import { jobEvents } from '#jobs/events';
import { aJob } from '../conformance/job-store.ts';

const at = '2026-01-01T00:00:00.000Z';
const event: HistoryEvent = { at, type: 'TaskStarted', state: 'Cut', shard: 2, attempt: 1 };

const of = (histories: Record<string, HistoryEvent[]>) => ({
  async history(execution: string) {
    const events = histories[execution];
    if (!events) throw new InputNotFoundError(`no ${execution}`);
    return events;
  },
});

it('are those of every start, in order, and say of which', async () => {
  const histories = { 'toy-1': [event], 'toy-1-redrive-1': [event], 'toy-1-redrive-2': [] };
  const events = await jobEvents(aJob({ execution: 'toy-1-redrive-2' }), of(histories));
  expect(events).toEqual([
    { ...event, execution: 'toy-1' },
    { ...event, execution: 'toy-1-redrive-1' },
  ]);
});

it('begin with what was taken over from other jobs, once the job has begun', async () => {
  const reused = [{ step: 'Cut', from: 'toy-0' }];
  expect(await jobEvents(aJob({ execution: 'toy-1', reused }), of({}))).toEqual([]);
  const histories = { 'toy-1': [event], 'toy-1-redrive-1': [event] };
  const events = await jobEvents(aJob({ execution: 'toy-1-redrive-1', reused }), of(histories));
  expect(events.map(({ type, state, cause, execution }) => [type, state, cause, execution])).toEqual([
    ['StepReused', 'Cut', 'done by toy-0', 'toy-1'],
    ['TaskStarted', 'Cut', undefined, 'toy-1'],
    ['TaskStarted', 'Cut', undefined, 'toy-1-redrive-1'],
  ]);
});

it('are none of a job that was not started', async () => {
  expect(await jobEvents(aJob({ execution: 'toy-1' }), of({}))).toEqual([]);
});

it('keep inputs and outputs to themselves, and the first lines of a cause', async () => {
  const cause = JSON.stringify({ errorMessage: `The model is another one. ${'x'.repeat(2000)}` });
  const failed = { at, type: 'TaskFailed', error: 'ModelError', cause, input: { secret: 1 }, output: 2, length: 3 };
  const [told] = await jobEvents(aJob(), of({ 'toy-1': [failed] }));
  expect(told).toEqual({
    at,
    type: 'TaskFailed',
    error: 'ModelError',
    cause: expect.stringMatching(/^The model is another one. x{473}…$/),
    execution: 'toy-1',
  });
});

it('are not there when the history can’t be read, which is said', async () => {
  const history = async () => Promise.reject(new TransientError('throttled'));
  await expect(jobEvents(aJob(), { history })).rejects.toMatchObject({ name: 'TransientError' });
});
