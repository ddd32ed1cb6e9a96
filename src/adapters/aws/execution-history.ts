import type { HistoryEvent as EventOfStates } from '@aws-sdk/client-sfn';
import type { HistoryEvent } from '#core/ports';

/**
 * Step Functions' history in our words. Its events say which one was before them, not which state or iteration they
 * belong to; that is followed here. Source: docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export function historyOf(events: EventOfStates[]): HistoryEvent[] {
  const places = new Map<number, Place>();
  return events.map((event) => {
    const before = places.get(event.previousEventId ?? event.id! - 1) ?? {};
    const place = placeOf(event, before);
    places.set(event.id!, place);
    const { state, shard, attempt } = event.type!.startsWith('Execution') ? ({} as Place) : place;
    return {
      at: event.timestamp!.toISOString(),
      type: TYPES[event.type!] ?? event.type!,
      ...(state === undefined ? {} : { state }),
      ...(shard === undefined ? {} : { shard }),
      ...(attempt === undefined ? {} : { attempt }),
      ...detailsOf(event),
    };
  });
}

// A task that could not even be placed has failed like one that was.
const TYPES: Record<string, string> = {
  TaskSubmitFailed: 'TaskFailed',
  TaskStartFailed: 'TaskFailed',
  LambdaFunctionFailed: 'TaskFailed',
  LambdaFunctionStartFailed: 'TaskFailed',
  LambdaFunctionScheduleFailed: 'TaskFailed',
  LambdaFunctionTimedOut: 'TaskTimedOut',
};

/** Where in the machine an event happened. */
interface Place {
  state?: string;
  shard?: number;
  attempt?: number;
  /** The place of the Map that this is an iteration of. */
  map?: Place;
}

function placeOf(event: EventOfStates, before: Place): Place {
  const { type = '' } = event;
  const { shard, map } = before;
  const within = { ...(shard === undefined ? {} : { shard }), ...(map ? { map } : {}) };
  if (type.startsWith('MapIteration')) {
    const outer = map ?? before;
    const { name = outer.state, index } = iterationOf(event) ?? {};
    return {
      ...(name === undefined ? {} : { state: name }),
      ...(index === undefined ? {} : { shard: index }),
      map: outer,
    };
  }
  // The end of a Map comes after the end of one of its iterations, and is outside of it.
  if (MAP_ENDS.includes(type)) return map ?? before;
  const entered = event.stateEnteredEventDetails?.name;
  if (entered !== undefined) return { ...within, state: entered };
  const exited = event.stateExitedEventDetails?.name;
  if (exited !== undefined) return { ...(type === 'MapStateExited' && map ? map : within), state: exited };
  if (type === 'TaskScheduled' || type === 'LambdaFunctionScheduled')
    return { ...before, attempt: (before.attempt ?? 0) + 1 };
  return before;
}

const MAP_ENDS = ['MapStateSucceeded', 'MapStateFailed', 'MapStateAborted'];

function iterationOf(event: EventOfStates) {
  return (
    event.mapIterationStartedEventDetails ??
    event.mapIterationSucceededEventDetails ??
    event.mapIterationFailedEventDetails ??
    event.mapIterationAbortedEventDetails
  );
}

type Told = Pick<HistoryEvent, 'error' | 'cause' | 'input' | 'output' | 'length'>;

/** The parts of an event that we read stand, by the kind of event, in one of some twenty objects of the same fields. */
function detailsOf(event: EventOfStates): Told {
  const told: { error?: string; cause?: string; input?: string; output?: string; length?: number } = {};
  for (const [name, details] of Object.entries(event)) {
    if (name.endsWith('EventDetails')) Object.assign(told, details);
  }
  const { error, cause, input, output, length } = told;
  return {
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(input === undefined ? {} : { input: parsed(input) }),
    ...(output === undefined ? {} : { output: parsed(output) }),
    ...(length === undefined ? {} : { length }),
  };
}

/** A service's answer is JSON as a rule; a text that is not stays one. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
