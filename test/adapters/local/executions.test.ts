import { expect, it } from 'vitest';
import { openExecutions } from '#adapters/local/executions';
import type { Machine } from '#asl/definition';
import type { ExecutionEnd } from '#core/job';
import { executionsSuite } from '../../conformance/executions.ts';
import { lambdaTask, machineOf, named, untilAborted } from '../../helpers/machine.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const machines: Record<string, Machine> = {
  succeeds: machineOf({
    First: lambdaTask('First', { ResultSelector: { 'done.$': '$.Payload' }, ResultPath: '$.first', Next: 'Keep' }),
    Keep: { Type: 'Pass', Parameters: { done: true, kept: 'nothing' }, Next: 'Last' },
    Last: { Type: 'Succeed' },
  }),
  fails: machineOf({ Break: lambdaTask('Break') }),
  hangs: machineOf({ Wait: lambdaTask('Wait') }),
};

function open(folder: string, onEnded: (end: ExecutionEnd) => Promise<void> = async () => {}) {
  return openExecutions({
    folder,
    async load(workload) {
      const machine = machines[workload];
      if (!machine) throw named('ContractError', `no machine ${workload}`);
      return machine;
    },
    services: {
      async invokeLambda({ functionName }, signal, started) {
        started();
        if (functionName === 'Break') throw named('ModelError', 'another digest');
        return functionName === 'Wait' ? await untilAborted(signal) : true;
      },
      runTask: async () => ({ exitCode: 0 }),
    },
    onEnded: async (_request, end) => onEnded(end),
  });
}

const newFolder = () => aFolder();
const request = (workload: string) => ({
  jobId: workload,
  name: workload,
  workload,
  input: { team: 'default', project: 'default', jobId: workload, plan: {} },
});

executionsSuite('this process', async () => open(newFolder()));

it('tells which task failed, and how', async () => {
  const executions = open(newFolder());
  const { execution } = await executions.start(request('fails'));
  await executions.ended(execution);
  const failed = (await executions.history(execution)).filter(({ error }) => error !== undefined);
  expect(failed[0]).toMatchObject({ type: 'TaskFailed', state: 'Break', error: 'ModelError' });
});

it('ends only when what its end leads to is done', async () => {
  const settled: string[] = [];
  const executions = open(newFolder(), async ({ status }) => {
    await new Promise(setImmediate);
    settled.push(status);
  });
  const { execution } = await executions.start(request('fails'));
  await executions.ended(execution);
  expect(settled).toEqual(['FAILED']);
});

it('remembers histories and ends of earlier processes', async () => {
  const folder = newFolder();
  const first = open(folder);
  const { execution } = await first.start(request('fails'));
  const end = await first.ended(execution);
  const later = open(folder);
  expect(await later.ended(execution)).toEqual(end);
  expect(await later.history(execution)).toEqual(await first.history(execution));
});

it('takes an execution whose process died for stopped', async () => {
  const folder = newFolder();
  await open(folder).start(request('hangs'));
  expect(await open(folder).ended('hangs')).toMatchObject({
    status: 'ABORTED',
    cause: expect.stringContaining('ended before it'),
  });
});

it('that could not be started may be started again', async () => {
  const executions = open(aFolder());
  await expect(executions.start(request('unknown'))).rejects.toThrow();
  await expect(executions.start({ ...request('succeeds'), name: 'unknown' })).resolves.toEqual({
    execution: 'unknown',
  });
  await executions.ended('unknown');
});

it('starts a request once that comes twice at the same time', async () => {
  const executions = open(aFolder());
  await Promise.all([executions.start(request('succeeds')), executions.start(request('succeeds'))]);
  await executions.ended('succeeds');
  const history = await executions.history('succeeds');
  expect(history.filter(({ type }) => type === 'ExecutionStarted')).toHaveLength(1);
});
