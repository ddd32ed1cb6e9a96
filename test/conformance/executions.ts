import { beforeEach, describe, expect, it } from 'vitest';
import { jobId as newJobId } from '#core/names';
import type { ExecutionRequest, Executions } from '#core/ports';

export interface WhatExecutionsCan {
  /** Begin at any state. Step Functions can't; a redrive there plans `reuse` instead. */
  beginAnywhere: boolean;
}

/**
 * What every Executions promises. `open` gives executions of machines by workload: `succeeds` ends with `{done: true}`,
 * `fails` at a state `Break` with the error `ModelError`, `hangs` in a state `Wait` until it is stopped.
 */
export function executionsSuite(
  name: string,
  open: () => Promise<Executions>,
  { beginAnywhere }: WhatExecutionsCan = { beginAnywhere: true },
): void {
  describe(`${name} as Executions`, () => {
    let executions: Executions;
    beforeEach(async () => {
      executions = await open();
    });

    const request = (workload: string): ExecutionRequest => {
      const jobId = newJobId(workload);
      return { jobId, name: jobId, workload, input: { team: 'default', project: 'default', jobId, plan: {} } };
    };

    it('tells the output of an execution that succeeded', async () => {
      const { execution } = await executions.start(request('succeeds'));
      expect(await executions.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { done: true } });
    });

    it('tells the error of an execution that failed, and where', async () => {
      const { execution } = await executions.start(request('fails'));
      expect(await executions.ended(execution)).toMatchObject({ status: 'FAILED', error: 'ModelError' });
      const history = await executions.history(execution);
      expect(history.findLast(({ state }) => state !== undefined)).toMatchObject({ state: 'Break' });
      expect(history.at(-1)).toMatchObject({ type: 'ExecutionFailed', error: 'ModelError' });
    });

    it('stops an execution', async () => {
      const { execution } = await executions.start(request('hangs'));
      expect(await executions.stop(execution)).toBe(true);
      expect((await executions.ended(execution)).status).toBe('ABORTED');
    });

    it('starts the same request once', async () => {
      const once = request('succeeds');
      const [first, second] = [await executions.start(once), await executions.start(once)];
      expect(second).toEqual(first);
      await executions.ended(first.execution);
      const history = await executions.history(first.execution);
      expect(history.filter(({ type }) => type === 'ExecutionStarted')).toHaveLength(1);
    });

    it('refuses the same name with another input', async () => {
      const first = request('hangs');
      const { execution } = await executions.start(first);
      const other = { ...first, input: { ...first.input, plan: { Cut: 'gpu' as const } } };
      await expect(executions.start(other)).rejects.toMatchObject({ name: 'InputError' });
      await executions.stop(execution);
      await executions.ended(execution);
    });

    it.skipIf(!beginAnywhere)('begins at the state that a redrive names, with its input', async () => {
      const from = { state: 'Last', input: { team: 'default', project: 'default', jobId: 'succeeds-1', kept: 'this' } };
      const { execution } = await executions.start({ ...request('succeeds'), from });
      expect(await executions.ended(execution)).toMatchObject({ output: { kept: 'this' } });
      const entered = (await executions.history(execution)).filter(({ type }) => type.endsWith('StateEntered'));
      expect(entered.map(({ state }) => state)).toEqual(['Last']);
    });

    it('tells how an execution is now', async () => {
      const { execution } = await executions.start(request('hangs'));
      expect(await executions.status(execution)).toEqual({ status: 'RUNNING' });
      await executions.stop(execution);
      await executions.ended(execution);
      expect(await executions.status(execution)).toMatchObject({ status: 'ABORTED', endedAt: expect.any(String) });
      expect(await executions.status(newJobId('succeeds'))).toBeUndefined();
    });

    it('does not start again what has ended', async () => {
      const once = request('succeeds');
      const { execution } = await executions.start(once);
      await executions.ended(execution);
      expect(await executions.start(once)).toEqual({ execution });
      expect(await executions.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
      const history = await executions.history(execution);
      expect(history.filter(({ type }) => type === 'ExecutionStarted')).toHaveLength(1);
    });

    it.skipIf(!beginAnywhere)('tells where a failed execution can be taken up', async () => {
      const { execution } = await executions.start(request('fails'));
      await executions.ended(execution);
      expect(await executions.resumePoint?.(execution)).toMatchObject({ state: 'Break' });
      expect(await executions.resumePoint?.('never-1')).toBeUndefined();
    });

    it('knows no execution that was never started', async () => {
      await expect(executions.history('never-1')).rejects.toMatchObject({ name: 'InputNotFoundError' });
      await expect(executions.ended('never-1')).rejects.toMatchObject({ name: 'InputNotFoundError' });
    });
  });
}
