import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openExecutions } from '#adapters/local/executions';
import type { Machine } from '#asl/definition';
import type { ExecutionEnd } from '#core/job';
import { executionsSuite } from '../../conformance/executions.ts';
import { lambdaTask, machineOf, named, untilAborted } from '../../helpers/machine.ts';

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
    load: async (workload) => machines[workload]!,
    services: {
      async invokeLambda({ functionName }, signal) {
        if (functionName === 'Break') throw named('ModelError', 'another digest');
        return functionName === 'Wait' ? await untilAborted(signal) : true;
      },
      runTask: async () => ({ exitCode: 0 }),
    },
    onEnded: async (_request, end) => onEnded(end),
  });
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'stepreel-executions-'));
const request = (workload: string) => ({
  jobId: workload,
  name: workload,
  workload,
  input: { jobId: workload, plan: {} },
});

executionsSuite('this process', async () => open(newFolder()));

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
