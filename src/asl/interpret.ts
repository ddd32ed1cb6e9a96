import { ExecutionError, StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import type { Machine, State } from './definition.ts';
import { requirePayloadFits } from './limits.ts';
import { asInterpreted } from './rewrite.ts';
import type { Scope } from './scope.ts';
import { work } from './work.ts';

/** A state of this name is ours, not the file's: it is in no history. */
export const HIDDEN = '(ItemSelector)';

type Level = Pick<Machine, 'StartAt' | 'States'>;

/**
 * Runs one level of states. The interpreter does paths, choices and catches; every state that works or waits (Task,
 * Map, Wait) comes back to `work`. Settles once no work of this level goes on.
 * @returns the output of the last state. @throws the error that the level failed with.
 */
export async function interpret({ StartAt, States }: Level, input: unknown, scope: Scope): Promise<unknown> {
  const entered = new Entries();
  const failures = new Map<string, Error>();
  const handlers = Object.entries(States)
    .filter(([, state]) => isWorking(state))
    .map(([name, state]) => [
      name,
      async (parameters: unknown) => {
        await entered.next();
        failures.delete(name);
        try {
          return await work(name, state, parameters, scope);
        } catch (thrown) {
          failures.set(name, thrown as Error);
          throw thrown;
        }
      },
    ]);

  const definition = { StartAt, States: Object.fromEntries(Object.entries(States).map(asInterpreted)) };
  const machine = new StateMachine(definition as StateMachineDefinition, { validationOptions: { noValidate: true } });
  const run = machine.run(input as never, {
    context: { Execution: { Name: scope.name }, ...(scope.item ? { Map: { Item: scope.item } } : {}) },
    overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) },
  });
  const followed = follow(run.eventLogs, { States, scope, entered, failures });

  try {
    const output: unknown = await run.result;
    await followed;
    scope.stop.signal.throwIfAborted();
    return output;
  } catch (thrown) {
    await followed;
    scope.stop.signal.throwIfAborted();
    throw thrown instanceof ExecutionError ? thrown.cause : thrown;
  }
}

function isWorking({ Type }: State): boolean {
  return Type === 'Task' || Type === 'Map' || Type === 'Wait';
}

interface Followed {
  States: Record<string, State>;
  scope: Scope;
  entered: Entries;
  failures: Map<string, Error>;
}

/** Turns the interpreter's log into history, in the words of Step Functions, until the level has ended. */
async function follow(
  log: ReturnType<StateMachine['run']>['eventLogs'],
  { States, scope, entered, failures }: Followed,
): Promise<void> {
  for await (const event of log) {
    const definition = 'state' in event ? States[event.state.name] : undefined;
    if (!('state' in event) || !definition || event.state.name === HIDDEN) continue;
    const { name: state, input, output } = event.state;
    const type = `${definition.Type}State`;
    switch (event.type) {
      case 'StateEntered':
        scope.record({ type: `${type}Entered`, state, input });
        if (isWorking(definition)) entered.add();
        break;
      case 'StateExited':
        stopIfTooLarge(output, state, scope);
        scope.record({ type: `${type}Exited`, state, output });
        break;
      case 'StateFailed':
        // A failure of the work itself is in the history already, attempt by attempt.
        if (!failures.has(state)) scope.record({ type: `${type}Failed`, state, ...errorOf(event) });
        break;
      case 'StateCaught':
        scope.record({ type: `${definition.Type}Caught`, state, ...causeOf(failures.get(state)) });
        break;
    }
  }
}

function causeOf(thrown?: Error): { error?: string; cause?: string } {
  return thrown ? { error: thrown.name, cause: thrown.message } : {};
}

function errorOf({ Error: error, Cause: cause }: { Error: string; Cause: unknown }): { error: string; cause: string } {
  return { error, cause: String(cause) };
}

/** An output that grew past the limit by a ResultPath ends the level here, before the next state does any work. */
function stopIfTooLarge(output: unknown, state: string, { stop, record }: Scope): void {
  try {
    requirePayloadFits(output, `output of ${state}`);
  } catch (thrown) {
    record({ type: 'StateFailed', state, ...causeOf(thrown as Error) });
    stop.abort(thrown);
  }
}

/**
 * Lets a state's work begin only when its entry stands in the history: the interpreter calls the work at once, while
 * its log is read a little later.
 */
class Entries {
  #count = 0;
  #waiting: (() => void) | undefined;

  add(): void {
    this.#count += 1;
    this.#waiting?.();
  }

  async next(): Promise<void> {
    if (this.#count === 0) await new Promise<void>((resolve) => (this.#waiting = resolve));
    this.#count -= 1;
    this.#waiting = undefined;
  }
}
