import type { ExecutionEnd } from '#core/job';
import type { HistoryEvent } from '#core/ports';
import { type Clock, systemClock } from './clock.ts';
import type { Machine } from './definition.ts';
import type { TaskServices } from './integrations.ts';
import { interpret } from './interpret.ts';
import { requirePayloadFits } from './limits.ts';
import { StateError, TIMEOUT } from './state-error.ts';

export interface MachineOptions {
  /** What `$$.Execution.Name` gives. */
  name: string;
  services: TaskServices;
  /** Is told what happens, in order. */
  record: (event: HistoryEvent) => void;
  /** Redrive: begin here instead of at StartAt; the input is then that state's. */
  startAt?: string;
  /** At most this many iterations of a Map side by side, however many the Map allows. */
  mapConcurrency?: number;
  clock?: Clock;
  random?: () => number;
}

export interface MachineRun {
  /** Never rejects. It settles when everything that was started has ended. */
  ended: Promise<ExecutionEnd>;
  /** Stops the execution: what runs is told by its signal, nothing more is started. */
  abort(): void;
}

/**
 * Runs a state machine on aws-local-stepfunctions, with what that leaves to be done: signals to the work, time limits
 * and payload limits as on AWS, retries and Maps whose parts end together, a history, and a start at any state.
 */
export function runMachine(machine: Machine, input: unknown, options: MachineOptions): MachineRun {
  const { clock = systemClock, random = Math.random, mapConcurrency = Number.POSITIVE_INFINITY } = options;
  const stop = new AbortController();
  const record = (event: Omit<HistoryEvent, 'at'>) => options.record({ at: clock.now().toISOString(), ...event });
  const scope = { name: options.name, services: options.services, clock, random, mapConcurrency, record, stop };

  const run = async (): Promise<ExecutionEnd> => {
    record({ type: 'ExecutionStarted', input });
    const cancelTimer = machine.TimeoutSeconds
      ? clock.after(machine.TimeoutSeconds * 1000, () => stop.abort(machineTimedOut(machine)))
      : () => {};
    try {
      requirePayloadFits(input, 'input of the execution');
      const start = { StartAt: options.startAt ?? machine.StartAt, States: machine.States };
      return { status: 'SUCCEEDED', output: await interpret(start, input, scope) };
    } catch (thrown) {
      return failedEnd(thrown);
    } finally {
      cancelTimer();
    }
  };

  const ended = run().then((end) => {
    record({ type: END_EVENTS[end.status], ...withoutStatus(end) });
    return end;
  });
  return { ended, abort: () => stop.abort(new Aborted()) };
}

const END_EVENTS = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;

function withoutStatus({ status: _status, ...rest }: ExecutionEnd): Omit<ExecutionEnd, 'status'> {
  return rest;
}

function failedEnd(thrown: unknown): ExecutionEnd {
  if (thrown instanceof Aborted) return { status: 'ABORTED' };
  const { name, message } = thrown as Error;
  return { status: thrown instanceof MachineTimedOut ? 'TIMED_OUT' : 'FAILED', error: name, cause: message };
}

function machineTimedOut({ TimeoutSeconds }: Machine): MachineTimedOut {
  return new MachineTimedOut(TIMEOUT, `The execution ran longer than its ${TimeoutSeconds} s.`, { terminal: true });
}

class MachineTimedOut extends StateError {}

class Aborted extends StateError {
  constructor() {
    super('ExecutionAborted', 'The execution was stopped.', { terminal: true });
  }
}
