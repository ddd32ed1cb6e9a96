import { expect, it } from 'vitest';
import { z } from 'zod';
import { checkMachine } from '#asl/check';
import { standardMachine } from '#asl/standard-machine';
import type { Device, Placed, Workload } from '#core/workload';

const load = async () => ({ default: undefined as never });
const lambda: Placed = { runs: 'lambda', memoryMiB: 512, timeoutSeconds: 60, load };
const program = (devices: readonly Device[]): Placed => ({
  ...{ runs: 'container', image: 'inference', vcpu: 1, memoryMiB: 2048, diskGiB: 20, runSeconds: 600 },
  devices,
  load,
});

function aWorkload(steps: Record<string, Placed>): Workload {
  return {
    ...{ name: 'own', version: '1.0.0', title: 'Own', description: 'Own.', params: z.object({}) },
    input: { min: 1, max: 1, endings: [] },
    steps: { ValidateInput: lambda, ...steps, WriteReport: lambda },
  };
}

it.each([
  { name: 'a single task', steps: { RunModel: program(['cpu']) } },
  { name: 'two tasks', steps: { ExtractFrames: program(['cpu']), InferFrames: program(['cpu']) } },
  { name: 'a task on a GPU alone', steps: { RunModel: program(['gpu']) } },
  { name: 'a task on either', steps: { RunModel: program(['gpu', 'cpu']) } },
])('the machine for $name fits its workload by every rule', ({ steps }) => {
  const workload = aWorkload(steps);
  expect(checkMachine(standardMachine(workload), workload)).toEqual([]);
});

it('goes through the steps in their order and leaves out what is planned as done', () => {
  const { StartAt, States } = standardMachine(aWorkload({ Extract: program(['cpu']), Infer: program(['gpu', 'cpu']) }));
  expect(StartAt).toBe('ValidateInput');
  expect(States.ValidateInput).toMatchObject({ Next: 'PlanExtract' });
  expect(States.PlanExtract).toMatchObject({
    Choices: [{ StringEquals: 'reuse', Next: 'PlanInfer' }],
    Default: 'Extract',
  });
  expect(States.PlanInfer).toMatchObject({
    Choices: [
      { StringEquals: 'reuse', Next: 'WriteReport' },
      { StringEquals: 'cpu', Next: 'InferOnCpu' },
    ],
  });
  expect(States.WriteReport).toMatchObject({ Next: 'JobSucceeded' });
});
