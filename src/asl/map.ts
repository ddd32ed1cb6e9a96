import type { MapState } from './definition.ts';
import { HIDDEN, interpret } from './interpret.ts';
import { requirePayloadFits } from './limits.ts';
import type { MapParameters } from './rewrite.ts';
import type { Scope } from './scope.ts';
import { StateError } from './state-error.ts';

// An inline Map runs at most this many iterations at a time on AWS.
const INLINE_CONCURRENCY = 40;

/**
 * Runs a Map's iterations side by side. When one fails the others are stopped and no more are started; the Map fails
 * with the first error once all of them have ended.
 */
export async function runMap(
  name: string,
  { ItemProcessor, ItemSelector, MaxConcurrency }: MapState,
  { items, input }: MapParameters,
  scope: Scope,
): Promise<unknown[]> {
  if (!Array.isArray(items)) {
    throw new StateError('States.Runtime', `The items of ${name} are not an array.`, { terminal: true });
  }
  const { record } = scope;
  const siblings = linked(scope.stop);
  const outputs: unknown[] = new Array(items.length);
  record({ type: 'MapStateStarted', state: name, length: items.length });

  const iterate = async (index: number) => {
    const recordHere: Scope['record'] = (event) => record({ ...event, shard: event.shard ?? index });
    recordHere({ type: 'MapIterationStarted', state: name });
    try {
      const item = { Index: index, Value: items[index] };
      const within = { ...scope, record: recordHere, stop: linked(siblings), item };
      const level = ItemSelector ? withSelector(ItemProcessor, ItemSelector) : ItemProcessor;
      outputs[index] = await interpret(level, ItemSelector ? input : item.Value, within);
      recordHere({ type: 'MapIterationSucceeded', state: name });
    } catch (thrown) {
      const type = siblings.signal.aborted ? 'MapIterationAborted' : 'MapIterationFailed';
      recordHere({ type, state: name, error: (thrown as Error).name, cause: (thrown as Error).message });
      siblings.abort(thrown);
    }
  };

  const waiting = items.keys();
  const worker = async () => {
    for (const index of waiting) {
      if (siblings.signal.aborted) return;
      await iterate(index);
    }
  };
  const concurrency = Math.min(MaxConcurrency || INLINE_CONCURRENCY, INLINE_CONCURRENCY, scope.mapConcurrency);
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));

  if (siblings.signal.aborted) {
    const { name: error, message: cause } = siblings.signal.reason as Error;
    record({ type: scope.stop.signal.aborted ? 'MapStateAborted' : 'MapStateFailed', state: name, error, cause });
    throw siblings.signal.reason;
  }
  requirePayloadFits(outputs, `result of ${name}`);
  record({ type: 'MapStateSucceeded', state: name });
  return outputs;
}

/** The iteration begins with a state of ours that applies ItemSelector. */
function withSelector({ StartAt, States }: MapState['ItemProcessor'], ItemSelector: Record<string, unknown>) {
  const select = { Type: 'Pass', Parameters: ItemSelector, Next: StartAt } as const;
  return { StartAt: HIDDEN, States: { [HIDDEN]: select, ...States } };
}

/** A controller that aborts with the other one, and can abort alone. */
function linked(outer: AbortController): AbortController {
  const inner = new AbortController();
  const follow = () => inner.abort(outer.signal.reason);
  if (outer.signal.aborted) follow();
  else outer.signal.addEventListener('abort', follow, { once: true });
  return inner;
}
