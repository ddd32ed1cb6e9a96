import type { Clock } from '#asl/clock';
import type { Machine, State } from '#asl/definition';
import { ECS_RUN_TASK_SYNC, LAMBDA_INVOKE } from '#asl/definition';
import type { ContainerCall, ContainerEnd, LambdaCall, TaskServices } from '#asl/integrations';
import { type MachineOptions, runMachine } from '#asl/run-machine';
import type { HistoryEvent } from '#core/ports';

/** Time that passes only when a test says so: sleeps take none and are noted, timers fire on demand. */
export class TestClock implements Clock {
  readonly slept: number[] = [];
  readonly #timers = new Map<() => void, number>();

  now(): Date {
    return new Date('2026-01-01T00:00:00Z');
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.slept.push(ms);
  }

  after(ms: number, callback: () => void): () => void {
    this.#timers.set(callback, ms);
    return () => this.#timers.delete(callback);
  }

  /** Fires every timer that was set for exactly these seconds; returns how many there were. */
  fire(seconds: number): number {
    const due = [...this.#timers].filter(([, ms]) => ms === seconds * 1000);
    for (const [callback] of due) {
      this.#timers.delete(callback);
      callback();
    }
    return due.length;
  }
}

export interface SmallRun {
  machine: Machine;
  input?: unknown;
  lambda?: (call: LambdaCall, signal: AbortSignal) => unknown;
  task?: (call: ContainerCall, signal: AbortSignal, started: () => void) => Promise<ContainerEnd>;
  options?: Partial<MachineOptions>;
}

/** Runs a machine whose Tasks are functions of the test's. */
export function startSmall({ machine, input = {}, lambda = () => ({}), task = succeed, options = {} }: SmallRun) {
  const clock = new TestClock();
  const history: HistoryEvent[] = [];
  const services: TaskServices = {
    async invokeLambda(call, signal, started) {
      started();
      return lambda(call, signal);
    },
    runTask: task,
  };
  const run = runMachine(machine, input, {
    name: 'test-execution',
    services,
    record: (event) => history.push(event),
    clock,
    random: () => 1,
    ...options,
  });
  return { ...run, clock, history };
}

export async function runSmall(small: SmallRun) {
  const run = startSmall(small);
  return { ...run, end: await run.ended };
}

const succeed = async (_call: ContainerCall, _signal: AbortSignal, started: () => void) => {
  started();
  return { exitCode: 0 };
};

/** A machine of these states, the first of which it starts at. */
export function machineOf(States: Record<string, State>, more: Partial<Machine> = {}): Machine {
  return { StartAt: Object.keys(States)[0]!, States, ...more };
}

type Task = Extract<State, { Type: 'Task' }>;

/** A Lambda state that keeps its answer under its own name. */
export function lambdaTask(name: string, more: Partial<Task> = {}): Task {
  return {
    Type: 'Task',
    Resource: LAMBDA_INVOKE,
    Parameters: { FunctionName: name, 'Payload.$': '$' },
    ResultPath: `$.${name}`,
    TimeoutSeconds: 30,
    ...(more.Next ? {} : { End: true }),
    ...more,
  };
}

/** A container state with this environment. */
export function containerTask(name: string, environment: Record<string, string> = {}, more: Partial<Task> = {}): Task {
  const Environment = Object.entries(environment).map(([key, value]) =>
    value.startsWith('$') || value.startsWith('States.')
      ? { Name: key, 'Value.$': value }
      : { Name: key, Value: value },
  );
  return {
    Type: 'Task',
    Resource: ECS_RUN_TASK_SYNC,
    Parameters: { TaskDefinition: name, Overrides: { ContainerOverrides: [{ Name: 'task', Environment }] } },
    ResultPath: null,
    TimeoutSeconds: 60,
    ...(more.Next ? {} : { End: true }),
    ...more,
  };
}

/** Types of the events of a state, in order. */
export function typesOf(history: HistoryEvent[], state?: string): string[] {
  return history.filter((event) => state === undefined || event.state === state).map(({ type }) => type);
}

/** An error that Retry and Catch match by this name. */
export function named(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

/** Settles when the signal aborts, as work does that was told to stop. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
