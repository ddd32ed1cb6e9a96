import { expect, it } from 'vitest';
import { openExecutions } from '#adapters/aws/executions';
import { jobId } from '#core/names';
import { type Fault, faultyLine, firstTimes, jsonError, type PassingRequest } from '../../helpers/aws-faults.ts';
import { clientsAt } from '../../helpers/aws-in-process.ts';

// Nothing listens there: on these lines every request is answered by the test.
const NOWHERE = 'http://127.0.0.1:1';

const MACHINES = 'arn:aws:states:us-east-1:000000000000:stateMachine:stepreel-dev-';
const id = jobId('clip-qc', 'seed');
const ARN = `arn:aws:states:us-east-1:000000000000:execution:stepreel-dev-clip-qc:${id}`;
const request = {
  jobId: id,
  name: id,
  workload: 'clip-qc',
  input: { team: 'default', project: 'default', jobId: id, plan: { Cut: 'cpu' as const } },
};
const INPUT = `{"jobId":"${id}","plan":{"Cut":"cpu"},"project":"default","team":"default"}`;

const json = (document: unknown): Fault => ({ answer: { status: 200, body: JSON.stringify(document) } });

/** Executions on a Step Functions that says what `answers` says, operation by operation. */
async function onAnswers(
  answers: Record<string, (request: PassingRequest) => Fault>,
  versionOf?: (workload: string, jobId: string) => Promise<string | undefined>,
) {
  const waits: number[] = [];
  const line = await faultyLine(NOWHERE, (asked) => answers[asked.operation]?.(asked) ?? jsonError('NotScripted'));
  const executions = openExecutions({
    stepFunctions: await clientsAt(line.endpoint).stepFunctions(),
    ecs: clientsAt(line.endpoint).ecs,
    machines: MACHINES,
    ...(versionOf ? { versionOf } : {}),
    wait: async (ms) => waits.push(ms),
  });
  const asked = (operation: string) =>
    line.seen.filter((one) => one.operation === operation).map(({ body }) => JSON.parse(body));
  return { executions, asked, waits };
}

const started = () => json({ executionArn: ARN, startDate: 1 });
const exists = () => jsonError('ExecutionAlreadyExists');
const described =
  (changes: object = {}) =>
  () =>
    json({ executionArn: ARN, stateMachineArn: MACHINES, startDate: 1, status: 'RUNNING', input: INPUT, ...changes });

it('starts the live version of the workload’s machine, under the job’s id and with canonical JSON (pitfalls 27, 39)', async () => {
  const { executions, asked } = await onAnswers({ StartExecution: started });
  const { plan, jobId, ...tags } = request.input;
  const mixed = { ...request, input: { ...tags, plan, jobId } };
  expect(await executions.start(mixed)).toEqual({ execution: id });
  expect(asked('StartExecution')).toEqual([{ stateMachineArn: `${MACHINES}clip-qc:live`, name: id, input: INPUT }]);
});

it('starts a job of a registered version on that version’s machine, and finds it there', async () => {
  const { executions, asked } = await onAnswers(
    { StartExecution: started, DescribeExecution: described() },
    async (workload, jobId) => (workload === 'clip-qc' && jobId === id ? '0.2.0' : undefined),
  );
  const machine = `${MACHINES}outside-clip-qc-0-2-0`;
  const executionArn = `${machine.replace('stateMachine', 'execution')}:${id}-redrive-1`;
  await executions.start(request);
  expect(asked('StartExecution')).toEqual([{ stateMachineArn: machine, name: id, input: INPUT }]);
  expect(await executions.status(`${id}-redrive-1`)).toEqual({ status: 'RUNNING' });
  expect(asked('DescribeExecution')).toEqual([{ executionArn }]);
});

it('takes an execution of that name and input for the one that was asked for (pitfall 27)', async () => {
  const { executions, asked } = await onAnswers({
    StartExecution: exists,
    DescribeExecution: described({ status: 'SUCCEEDED' }),
  });
  expect(await executions.start(request)).toEqual({ execution: id });
  expect(asked('DescribeExecution')).toEqual([{ executionArn: ARN }]);
});

it('refuses the name of an execution with another input', async () => {
  const { executions } = await onAnswers({ StartExecution: exists, DescribeExecution: described({ input: '{}' }) });
  await expect(executions.start(request)).rejects.toMatchObject({ name: 'InputError' });
});

it('says which machine is not deployed', async () => {
  const { executions } = await onAnswers({ StartExecution: () => jsonError('StateMachineDoesNotExist') });
  await expect(executions.start(request)).rejects.toMatchObject({
    name: 'ContractError',
    message: expect.stringContaining('stepreel-dev-clip-qc:live'),
  });
});

it('starts nowhere but at the first state', async () => {
  const { executions, asked } = await onAnswers({ StartExecution: started });
  const from = { state: 'Last', input: {} };
  await expect(executions.start({ ...request, from })).rejects.toMatchObject({ name: 'ContractError' });
  expect(asked('StartExecution')).toEqual([]);
});

it('starts while Step Functions is busy', async () => {
  const busy = firstTimes(2, () => true, jsonError('ThrottlingException'));
  const { executions, asked } = await onAnswers({ StartExecution: (asked) => busy(asked) ?? started() });
  expect(await executions.start(request)).toEqual({ execution: id });
  expect(asked('StartExecution')).toHaveLength(3);
});

it.each([id, `${id}-redrive-12`])('finds the machine of %s by its name', async (name) => {
  const { executions, asked } = await onAnswers({
    StopExecution: () => json({ stopDate: 1 }),
    GetExecutionHistory: () => json({ events: [] }),
  });
  await executions.stop(name);
  expect(asked('StopExecution')).toMatchObject([{ executionArn: ARN.replace(id, name) }]);
});

it.each([
  { status: 'SUCCEEDED', stops: 'has nothing to stop in an execution that' },
  { status: 'RUNNING', stops: 'says that it could not stop an execution that' },
])('$stops is $status', async ({ status }) => {
  const { executions } = await onAnswers({
    StopExecution: () => jsonError('ValidationException'),
    GetExecutionHistory: () => json({ events: [] }),
    DescribeExecution: described({ status }),
  });
  const stopping = executions.stop(id);
  if (status === 'RUNNING') await expect(stopping).rejects.toMatchObject({ name: 'ValidationException' });
  else expect(await stopping).toBe(true);
});

it('stops the tasks of a stopped execution that have not ended, whatever Step Functions does (pitfall 20)', async () => {
  const submitted = (id: number, previousEventId: number, task: string) => ({
    id,
    previousEventId,
    timestamp: id,
    type: 'TaskSubmitted',
    taskSubmittedEventDetails: {
      resourceType: 'ecs',
      resource: 'runTask.sync',
      output: JSON.stringify({ Tasks: [{ TaskArn: `arn:task/${task}`, ClusterArn: 'arn:cluster' }], Failures: [] }),
    },
  });
  const events = [
    { id: 1, timestamp: 1, type: 'ExecutionStarted' },
    submitted(2, 1, 'done'),
    { id: 3, previousEventId: 2, timestamp: 3, type: 'TaskSucceeded' },
    submitted(4, 3, 'one'),
    submitted(5, 3, 'gone'),
    { id: 6, previousEventId: 4, timestamp: 6, type: 'ExecutionAborted' },
  ];
  const { executions, asked } = await onAnswers({
    StopExecution: () => json({ stopDate: 1 }),
    GetExecutionHistory: () => json({ events }),
    StopTask: ({ body }) => (body.includes('gone') ? jsonError('InvalidParameterException') : json({ task: {} })),
  });
  expect(await executions.stop(id)).toBe(true);
  expect(asked('StopTask')).toEqual([
    { task: 'arn:task/one', cluster: 'arn:cluster', reason: 'The job was cancelled.' },
    { task: 'arn:task/gone', cluster: 'arn:cluster', reason: 'The job was cancelled.' },
  ]);
});

it('has nothing to stop where nothing was started', async () => {
  const { executions } = await onAnswers({ StopExecution: () => jsonError('ExecutionDoesNotExist') });
  await expect(executions.stop(id)).resolves.toBe(false);
});

it.each([
  { end: { status: 'SUCCEEDED', output: '{"done":true}' }, expected: { status: 'SUCCEEDED', output: { done: true } } },
  {
    end: { status: 'FAILED', error: 'ModelError', cause: 'x' },
    expected: { status: 'FAILED', error: 'ModelError', cause: 'x' },
  },
  { end: { status: 'TIMED_OUT' }, expected: { status: 'TIMED_OUT' } },
  {
    end: { status: 'ABORTED', cause: 'The job was cancelled.' },
    expected: { status: 'ABORTED', cause: 'The job was cancelled.' },
  },
])('waits longer and longer for an end such as $end.status (pitfall 40)', async ({ end, expected }) => {
  const running = firstTimes(12, () => true, described()());
  const { executions, waits } = await onAnswers({ DescribeExecution: (asked) => running(asked) ?? described(end)() });
  expect(await executions.ended(id)).toEqual(expected);
  expect(waits).toHaveLength(12);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect([waits[0], waits.at(-1)]).toEqual([500, 10_000]);
});

it('reads a history page by page', async () => {
  const page = ({ body }: PassingRequest) =>
    JSON.parse(body).nextToken
      ? json({
          events: [
            {
              id: 2,
              previousEventId: 1,
              timestamp: 2,
              type: 'ExecutionAborted',
              executionAbortedEventDetails: { cause: 'x' },
            },
          ],
        })
      : json({
          events: [{ id: 1, timestamp: 1, type: 'ExecutionStarted', executionStartedEventDetails: { input: INPUT } }],
          nextToken: 'more',
        });
  const { executions, asked } = await onAnswers({ GetExecutionHistory: page });
  expect(await executions.history(id)).toEqual([
    { at: '1970-01-01T00:00:01.000Z', type: 'ExecutionStarted', input: JSON.parse(INPUT) },
    { at: '1970-01-01T00:00:02.000Z', type: 'ExecutionAborted', cause: 'x' },
  ]);
  expect(asked('GetExecutionHistory')).toHaveLength(2);
});

it.each([
  { name: 'that was never started', execution: id },
  { name: 'whose name is no job’s', execution: 'never-1' },
])('knows no execution $name', async ({ execution }) => {
  const unknown = () => jsonError('ExecutionDoesNotExist');
  const { executions } = await onAnswers({ GetExecutionHistory: unknown, DescribeExecution: unknown });
  for (const call of [() => executions.history(execution), () => executions.ended(execution)]) {
    await expect(call()).rejects.toMatchObject({
      name: 'InputNotFoundError',
      message: expect.stringContaining(execution),
    });
  }
});
