import type { HistoryEvent as EventOfStates } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { historyOf } from '#adapters/aws/execution-history';
import { redrivePoint } from '#asl/redrive-point';

type Told = Omit<EventOfStates, 'id' | 'timestamp'>;

/** Events with the ids 1, 2, … at one moment. */
function events(...told: Told[]): EventOfStates[] {
  return told.map((event, index) => ({ id: index + 1, timestamp: new Date('2026-01-01T00:00:00.000Z'), ...event }));
}

const entered = (
  name: string,
  previousEventId: number,
  input = '{}',
  type: EventOfStates['type'] = 'TaskStateEntered',
) => ({
  type,
  previousEventId,
  stateEnteredEventDetails: { name, input },
});
const exited = (name: string, previousEventId: number, type: EventOfStates['type'] = 'TaskStateExited') => ({
  type,
  previousEventId,
  stateExitedEventDetails: { name, output: '{}' },
});
const ecs = { resourceType: 'ecs', resource: 'runTask.sync' };
const failed = (previousEventId: number, error: string, cause: string): Told => ({
  type: 'TaskFailed',
  previousEventId,
  taskFailedEventDetails: { ...ecs, error, cause },
});
const iteration = (type: EventOfStates['type'], previousEventId: number, index: number): Told => ({
  type,
  previousEventId,
  [`mapIteration${type!.slice('MapIteration'.length)}EventDetails`]: { name: 'DetectShards', index },
});

/** Only where an event happened. */
const places = (history: ReturnType<typeof historyOf>) =>
  history.map(({ type, state, shard, attempt }) =>
    [type, state, shard, attempt].filter((part) => part !== undefined).join(' '),
  );

it('tells the state and the attempt of a task that failed, was tried again and failed', () => {
  const history = historyOf(
    events(
      { type: 'ExecutionStarted', previousEventId: 0, executionStartedEventDetails: { input: '{"jobId":"toy-1"}' } },
      entered('ExtractFrames', 1, '{"jobId":"toy-1","plan":{}}'),
      { type: 'TaskScheduled', previousEventId: 2 },
      { type: 'TaskSubmitted', previousEventId: 3 },
      failed(4, 'States.TaskFailed', '{"StopCode":"EssentialContainerExited"}'),
      { type: 'TaskScheduled', previousEventId: 5 },
      {
        type: 'TaskSubmitFailed',
        previousEventId: 6,
        taskSubmitFailedEventDetails: { ...ecs, error: 'ECS.AmazonECSException', cause: 'no capacity' },
      },
      {
        type: 'ExecutionFailed',
        previousEventId: 7,
        executionFailedEventDetails: { error: 'ECS.AmazonECSException', cause: 'no capacity' },
      },
    ),
  );
  expect(places(history)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered ExtractFrames',
    'TaskScheduled ExtractFrames 1',
    'TaskSubmitted ExtractFrames 1',
    'TaskFailed ExtractFrames 1',
    'TaskScheduled ExtractFrames 2',
    'TaskFailed ExtractFrames 2',
    'ExecutionFailed',
  ]);
  expect(history[4]).toMatchObject({ error: 'States.TaskFailed', cause: '{"StopCode":"EssentialContainerExited"}' });
  expect(history[6]).toMatchObject({ error: 'ECS.AmazonECSException', cause: 'no capacity' });
  expect(history[0]).toEqual({ at: '2026-01-01T00:00:00.000Z', type: 'ExecutionStarted', input: { jobId: 'toy-1' } });
  expect(redrivePoint(history)).toMatchObject({ state: 'ExtractFrames', input: { jobId: 'toy-1' } });
});

it('tells which shard an event is of, however the iterations are mixed, and that what follows is of none', () => {
  const history = historyOf(
    events(
      { type: 'ExecutionStarted', previousEventId: 0, executionStartedEventDetails: { input: '{}' } },
      entered('DetectShards', 1, '{}', 'MapStateEntered'),
      { type: 'MapStateStarted', previousEventId: 2, mapStateStartedEventDetails: { length: 3 } },
      iteration('MapIterationStarted', 3, 0),
      iteration('MapIterationStarted', 3, 1),
      entered('DetectObjects', 5),
      entered('DetectObjects', 4),
      { type: 'TaskScheduled', previousEventId: 6 },
      exited('DetectObjects', 7),
      iteration('MapIterationSucceeded', 9, 0),
      // With fewer places than shards the next one comes after one that has ended.
      iteration('MapIterationStarted', 10, 2),
      failed(8, 'ModelError', 'another digest'),
      iteration('MapIterationFailed', 12, 1),
      iteration('MapIterationAborted', 11, 2),
      { type: 'MapStateFailed', previousEventId: 13 },
      exited('DetectShards', 15, 'MapStateExited'),
      entered('WriteReport', 16),
    ),
  );
  expect(places(history)).toEqual([
    'ExecutionStarted',
    'MapStateEntered DetectShards',
    'MapStateStarted DetectShards',
    'MapIterationStarted DetectShards 0',
    'MapIterationStarted DetectShards 1',
    'TaskStateEntered DetectObjects 1',
    'TaskStateEntered DetectObjects 0',
    'TaskScheduled DetectObjects 1 1',
    'TaskStateExited DetectObjects 0',
    'MapIterationSucceeded DetectShards 0',
    'MapIterationStarted DetectShards 2',
    'TaskFailed DetectObjects 1 1',
    'MapIterationFailed DetectShards 1',
    'MapIterationAborted DetectShards 2',
    'MapStateFailed DetectShards',
    'MapStateExited DetectShards',
    'TaskStateEntered WriteReport',
  ]);
  expect(history[2]).toMatchObject({ length: 3 });
});

it('takes an event that does not say what was before it for what follows the one above it', () => {
  const history = historyOf(
    events(
      { type: 'ExecutionStarted' },
      { type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'ExtractFrames', input: '{}' } },
      { type: 'TaskFailed', taskFailedEventDetails: { ...ecs, error: 'States.TaskFailed' } },
    ),
  );
  expect(history[2]).toMatchObject({ type: 'TaskFailed', state: 'ExtractFrames', error: 'States.TaskFailed' });
});

it('keeps an output that is no JSON as text', () => {
  const [event] = historyOf(
    events({ type: 'ExecutionSucceeded', previousEventId: 0, executionSucceededEventDetails: { output: 'half {' } }),
  );
  expect(event).toMatchObject({ output: 'half {' });
});
