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
import { runningTasks, stopTasks } from './running-tasks.ts';
import { answerOf, isNamed } from './service-errors.ts';

export interface StatesExecutionsOptions {
  stepFunctions: SFNClient;
  /** Asked for when an execution is stopped. */
  ecs: () => Promise<ECSClient>;
  /** `arn:<partition>:states:<region>:<account>:stateMachine:<prefix>-`: a workload's name makes it a machine's. */
  machines: string;
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
  const { stepFunctions, ecs, machines, wait = sleep } = options;
  const arnOf = (execution: string) => executionArn(machines, execution);

  const describe = async (execution: string): Promise<DescribeExecutionOutput> => {
    const request = new DescribeExecutionCommand({ executionArn: arnOf(execution) });
    return await answerOf(stepFunctions.send(request)).catch((thrown) => {
      throw isNamed(thrown, 'ExecutionDoesNotExist') ? unknownExecution(execution, thrown) : thrown;
    });
  };

  const eventsOf = async (execution: string): Promise<EventOfStates[]> => {
    const pages = paginateGetExecutionHistory(
      { client: stepFunctions, pageSize: EVENTS_A_PAGE },
      { executionArn: arnOf(execution), includeExecutionData: true },
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
    async start({ workload, name, input: request, from }) {
      if (from) {
        throw new ContractError(
          'Step Functions starts every execution at its first state. Plan `reuse` for the steps that are done.',
        );
      }
      arnOf(name);
      const input = canonicalJson(request);
      const stateMachineArn = `${machines}${workload}:${ALIAS}`;
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
      const request = new StopExecutionCommand({ executionArn: arnOf(execution), cause: 'The job was cancelled.' });
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

const EXECUTION_NAME = /^(?<workload>[a-z0-9-]+)-[0-9a-f]{32}(?:-redrive-\d+)?$/;

/** The execution's ARN, from the name alone: a job's id begins with its workload's name. */
function executionArn(machines: string, execution: string): string {
  const workload = EXECUTION_NAME.exec(execution)?.groups?.workload;
  if (workload === undefined) throw unknownExecution(execution);
  return `${machines.replace(':stateMachine:', ':execution:')}${workload}:${execution}`;
}

function unknownExecution(execution: string, cause?: unknown): InputNotFoundError {
  return new InputNotFoundError(`There is no execution ${execution} on Step Functions. Expected a job's id.`, {
    cause,
  });
}

function unknownMachine(stateMachineArn: string, cause: unknown): ContractError {
  return new ContractError(`There is no state machine ${stateMachineArn}. Deploy its workload.`, { cause });
}
