import { z } from 'zod';
import type { WorkloadRegistry } from '#core/ports';
import type { Workload } from '#core/workload';
import { asJsonSchema } from '../json-schema.ts';
import type { Answers, Operations } from '../operation.ts';
import { ApiProblem } from '../problems.ts';

const summarySchema = z.object({
  name: z.string(),
  version: z.string(),
  title: z.string(),
  description: z.string(),
  links: z.object({ self: z.string() }),
});

const workloadSchema = summarySchema.extend({
  input: z.object({ min: z.int(), max: z.int(), endings: z.array(z.string()) }),
  params: z.record(z.string(), z.unknown()).describe('JSON Schema of the parameters, with defaults'),
  steps: z.array(z.object({ name: z.string(), runs: z.enum(['lambda', 'container']) })),
});

export const WORKLOADS = {
  listWorkloads: {
    method: 'get',
    path: '/workloads',
    summary: 'What jobs can be',
    answers: { 200: z.object({ workloads: z.array(summarySchema) }) },
    problems: [],
  },
  readWorkload: {
    method: 'get',
    path: '/workloads/{name}',
    summary: 'What a workload takes: JSON Schema of its parameters, its inputs and steps',
    answers: { 200: workloadSchema },
    problems: [404],
  },
} satisfies Operations;

export interface WorkloadPorts {
  registry: WorkloadRegistry;
}

export function workloadAnswers({ registry }: WorkloadPorts): Answers<typeof WORKLOADS> {
  return {
    async listWorkloads(context) {
      return context.json({ workloads: (await registry.list()).map(summaryOf) });
    },

    async readWorkload(context) {
      const name = context.req.param('name')!;
      const workload = (await registry.list()).find((one) => one.name === name);
      if (workload) return context.json(viewOf(workload));
      const hint = 'GET /workloads lists what there is.';
      throw new ApiProblem(404, 'NoSuchWorkload', `There is no workload ${name}.`, hint);
    },
  };
}

function summaryOf({ name, version, title, description }: Workload): z.infer<typeof summarySchema> {
  return { name, version, title, description, links: { self: `workloads/${name}` } };
}

function viewOf(workload: Workload): z.infer<typeof workloadSchema> {
  const { input, params, steps } = workload;
  return {
    ...summaryOf(workload),
    input: { ...input, endings: [...input.endings] },
    params: asJsonSchema(params, 'input'),
    steps: Object.entries(steps).map(([name, { runs }]) => ({ name, runs })),
  };
}
