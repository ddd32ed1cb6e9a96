import { setTimeout as sleep } from 'node:timers/promises';
import type { ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  type HistoryEvent as EventOfStates,
  paginateGetExecutionHistory,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ContractError, InputError, InputNotFoundError } from '#core/errors';
import type { ExecutionEnd } from '#core/job';
import { canonicalJson } from '#core/names';
import type { Executions } from '#core/ports';
import { historyOf } from './execution-history.ts';
import { outsideMachine } from './outside-names.ts';
import { runningTasks, stopTasks } from './running-tasks.ts';
import { answerOf, isNamed } from './service-errors.ts';

export interface StatesExecutionsOptions {
  stepFunctions: SFNClient;
  /** Asked for when an execution is stopped. */
  ecs: () => Promise<ECSClient>;
  /** `arn:<partition>:states:<region>:<account>:stateMachine:<prefix>-`: a workload's name makes it a machine's. */
  machines: string;
  /** The version that a job of a registered workload is for; undefined for one of a workload that was deployed. */
  versionOf?: (workload: string, jobId: string) => Promise<string | undefined>;
  /** The waits between looks at an execution, so that a test needs no time. */
  wait?: (ms: number) => Promise<unknown>;
}

// The version that a workload's jobs run on is what this alias points at.
const ALIAS = 'live';

const FIRST_LOOK_MS = 500;
const MAX_WAIT_MS = 10_000;
const EVENTS_A_PAGE = 1000;

/** Executions on Step Functions, named by the job's id and, for a later start of it, `<jobId>-redrive-<n>`. */
export function openExecutions(options: StatesExecutionsOptions): Executions {
  const { stepFunctions, ecs, machines, versionOf = async () => undefined, wait = sleep } = options;
  const machineOf = async (workload: string, jobId: string): Promise<{ machine: string; alias: string }> => {
    const version = await versionOf(workload, jobId);
    // A registered version has a machine of its own, so there is nothing for an alias to choose.
    if (version !== undefined) return { machine: `${machines}${outsideMachine(workload, version)}`, alias: '' };
    return { machine: `${machines}${workload}`, alias: `:${ALIAS}` };
  };
  const arnOf = async (execution: string): Promise<string> => {
    const { workload, jobId } = namesIn(execution);
    const { machine } = await machineOf(workload, jobId);
    return `${machine.replace(':stateMachine:', ':execution:')}:${execution}`;
  };

  const describe = async (execution: string): Promise<DescribeExecutionOutput> => {
    const request = new DescribeExecutionCommand({ executionArn: await arnOf(execution) });
    return await answerOf(stepFunctions.send(request)).catch((thrown) => {
      throw isNamed(thrown, 'ExecutionDoesNotExist') ? unknownExecution(execution, thrown) : thrown;
    });
  };

  const eventsOf = async (execution: string): Promise<EventOfStates[]> => {
    const executionArn = await arnOf(execution);
    const pages = paginateGetExecutionHistory(
      { client: stepFunctions, pageSize: EVENTS_A_PAGE },
      { executionArn, includeExecutionData: true },
    );
    const collect = async () => {
      const events: EventOfStates[] = [];
      for await (const page of pages) events.push(...(page.events ?? []));
      return events;
    };
    return await answerOf(collect()).catch((thrown) => {
      throw isNamed(thrown, 'ExecutionDoesNotExist') ? unknownExecution(execution, thrown) : thrown;
    });
  };

  return {
    async start({ workload, jobId, name, input: request, from }) {
      if (from) {
        throw new ContractError(
          'Step Functions starts every execution at its first state. Plan `reuse` for the steps that are done.',
        );
      }
      namesIn(name);
      const input = canonicalJson(request);
      const { machine, alias } = await machineOf(workload, jobId);
      const stateMachineArn = `${machine}${alias}`;
      try {
        await answerOf(stepFunctions.send(new StartExecutionCommand({ stateMachineArn, name, input })));
      } catch (cause) {
        if (isNamed(cause, 'StateMachineDoesNotExist')) throw unknownMachine(stateMachineArn, cause);
        if (!isNamed(cause, 'ExecutionAlreadyExists')) throw cause;
        // Once it has ended, Step Functions refuses the name whatever the input; the execution tells which it was.
        if ((await describe(name)).input !== input) {
          throw new InputError(`An execution ${name} was started with another input. Choose another name.`, { cause });
        }
      }
      return { execution: name };
    },

    async stop(execution) {
      const request = new StopExecutionCommand({
        executionArn: await arnOf(execution),
        cause: 'The job was cancelled.',
      });
      try {
        await answerOf(stepFunctions.send(request));
      } catch (thrown) {
        if (isNamed(thrown, 'ExecutionDoesNotExist')) return false;
        // It may have ended while we asked.
        if (!isNamed(thrown, 'ValidationException') || (await describe(execution)).status === 'RUNNING') throw thrown;
      }
      // Step Functions stops the tasks that it waits for only if it can, and says nothing when it can't.
      const tasks = runningTasks(await eventsOf(execution));
      if (tasks.length > 0) await stopTasks(await ecs(), tasks);
      return true;
    },

    async history(execution) {
      return historyOf(await eventsOf(execution));
    },

    async ended(execution) {
      for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 1.5, MAX_WAIT_MS)) {
        const found = await describe(execution);
        const status = END_STATUSES.find((end) => end === found.status);
        if (status) return endOf(status, found);
        await wait(waitMs);
      }
    },

    async status(execution) {
      const found = await describe(execution).catch((thrown) => {
        if (thrown instanceof InputNotFoundError) return undefined;
        throw thrown;
      });
      if (!found) return undefined;
      const status = END_STATUSES.find((end) => end === found.status);
      if (!status) return { status: 'RUNNING' };
      return { ...endOf(status, found), endedAt: (found.stopDate ?? new Date()).toISOString() };
    },
  };
}

const END_STATUSES = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const satisfies ExecutionEnd['status'][];

function endOf(status: ExecutionEnd['status'], { error, cause, output }: DescribeExecutionOutput): ExecutionEnd {
  return {
    status,
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(output === undefined ? {} : { output: JSON.parse(output) as unknown }),
  };
}

const EXECUTION_NAME = /^(?<jobId>(?<workload>[a-z0-9-]+)-[0-9a-f]{32})(?:-redrive-\d+)?$/;

/** What an execution's name tells: a job's id begins with its workload's name. */
function namesIn(execution: string): { workload: string; jobId: string } {
  const found = EXECUTION_NAME.exec(execution)?.groups as { workload: string; jobId: string } | undefined;
  if (!found) throw unknownExecution(execution);
  return found;
}

function unknownExecution(execution: string, cause?: unknown): InputNotFoundError {
  return new InputNotFoundError(`There is no execution ${execution} on Step Functions. Expected a job's id.`, {
    cause,
  });
}

function unknownMachine(stateMachineArn: string, cause: unknown): ContractError {
  return new ContractError(`There is no state machine ${stateMachineArn}. Deploy its workload, or register it.`, {
    cause,
  });
}
