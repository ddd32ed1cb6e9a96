import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#asl/clock';
import type { Machine } from '#asl/definition';
import type { TaskServices } from '#asl/integrations';
import { redrivePoint } from '#asl/redrive-point';
import { runMachine } from '#asl/run-machine';
import { InputError, InputNotFoundError } from '#core/errors';
import type { ExecutionEnd } from '#core/job';
import { canonicalJson } from '#core/names';
import type { ExecutionRequest, Executions, HistoryEvent } from '#core/ports';

export interface LocalExecutionsOptions {
  /** Where histories are kept, one file of JSON lines per execution. */
  folder: string;
  load: (workload: string, jobId: string) => Promise<Machine>;
  services: TaskServices;
  /** Hears every event of every execution as it happens. */
  onEvent?: (event: HistoryEvent, execution: string) => void;
  /** Is waited for before `ended` answers. */
  onEnded: (request: ExecutionRequest, end: ExecutionEnd) => Promise<void>;
  mapConcurrency?: number;
  clock?: Clock;
  random?: () => number;
}

interface Started {
  input: string;
  /** Settles once the machine is loaded and runs. */
  run: Promise<{ abort(): void; ended: Promise<ExecutionEnd> }>;
}

/** Executions that run in this process, one state machine each. Their histories outlive it. */
export function openExecutions(options: LocalExecutionsOptions): Executions {
  const { folder, load, services, onEvent, onEnded, mapConcurrency, clock, random } = options;
  mkdirSync(folder, { recursive: true });
  const started = new Map<string, Started>();
  const fileOf = (execution: string) => join(folder, `${execution}.jsonl`);

  const launch = async (request: ExecutionRequest): Started['run'] => {
    const { name, workload, jobId, from } = request;
    const machine = await load(workload, jobId);
    const run = runMachine(machine, from?.input ?? request.input, {
      name,
      services,
      record: (event) => {
        appendFileSync(fileOf(name), `${JSON.stringify(event)}\n`);
        onEvent?.(event, name);
      },
      ...(from ? { startAt: from.state } : {}),
      ...(mapConcurrency === undefined ? {} : { mapConcurrency }),
      ...(clock ? { clock } : {}),
      ...(random ? { random } : {}),
    });
    const ended = run.ended.then(async (end) => {
      try {
        await onEnded(request, end);
      } finally {
        // From here on its history speaks for it.
        started.delete(name);
      }
      return end;
    });
    // Who asks for the end hears of a failed settlement; until then it must not end the process.
    ended.catch(() => {});
    return { abort: run.abort, ended };
  };

  return {
    async start(request) {
      const { name } = request;
      const input = canonicalJson(request.input);
      if (!started.has(name) && recordedEndEvent(fileOf(name))) return { execution: name };
      const before = started.get(name);
      if (before && before.input !== input) {
        throw new InputError(`An execution ${name} was started with another input. Choose another name.`);
      }
      const { run } = before ?? { run: launch(request) };
      started.set(name, { input, run });
      try {
        await run;
      } catch (thrown) {
        started.delete(name);
        throw thrown;
      }
      return { execution: name };
    },

    async stop(execution) {
      // One that could not be loaded does not run, and who started it has heard why.
      const run = await started.get(execution)?.run.catch(() => undefined);
      run?.abort();
      return run !== undefined;
    },

    async history(execution) {
      return readHistory(fileOf(execution), execution);
    },

    async ended(execution) {
      const run = await started.get(execution)?.run;
      return run ? await run.ended : recordedEnd(readHistory(fileOf(execution), execution), execution);
    },

    async status(execution) {
      const begun = started.get(execution);
      // One that could not be loaded is none.
      if (begun) return await begun.run.then(() => ({ status: 'RUNNING' as const })).catch(() => undefined);
      const last = recordedEndEvent(fileOf(execution));
      return last && { ...endOf(last), endedAt: last.at };
    },

    async resumePoint(execution) {
      if (!existsSync(fileOf(execution))) return undefined;
      return redrivePoint(readHistory(fileOf(execution), execution));
    },
  };
}

function readHistory(file: string, execution: string): HistoryEvent[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as HistoryEvent);
  } catch (cause) {
    throw new InputNotFoundError(`There is no history of an execution ${execution} on this machine.`, { cause });
  }
}

const END_STATUS: Record<string, ExecutionEnd['status']> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
};

/** The end as an earlier process recorded it; a process that died on the way recorded none, which stops its work. */
function recordedEnd(history: HistoryEvent[], execution: string): ExecutionEnd {
  const last = history.at(-1);
  if (last && isEnd(last)) return endOf(last);
  return { status: 'ABORTED', cause: `The process that ran ${execution} ended before it.` };
}

/** The event of an execution's end, if it was written. */
function recordedEndEvent(file: string): HistoryEvent | undefined {
  const last = existsSync(file) ? readHistory(file, file).at(-1) : undefined;
  return last && isEnd(last) ? last : undefined;
}

function isEnd({ type }: HistoryEvent): boolean {
  return type in END_STATUS;
}

function endOf({ type, error, cause, output }: HistoryEvent): ExecutionEnd {
  const status = END_STATUS[type]!;
  return { status, ...(error && { error }), ...(cause && { cause }), ...(output !== undefined && { output }) };
}
