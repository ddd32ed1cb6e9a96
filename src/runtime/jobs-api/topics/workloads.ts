import { z } from 'zod';
import type { JobStore, WorkloadRegistry } from '#core/ports';
import type { Device, Placement, Workload } from '#core/workload';
import { planOf } from '#jobs/plan';
import { quoteOf } from '#jobs/quote';
import { pastJobs } from '#jobs/quote-job';
import { RequestRefused } from '#jobs/refusal';
import { releaseSchema } from '#jobs/release';
import type { Registration } from '../../outside/registration.ts';
import { asJsonSchema } from '../json-schema.ts';
import type { Answers, Operations } from '../operation.ts';
import { ApiProblem } from '../problems.ts';
import { quoteSchema } from '../quote-schema.ts';

const summarySchema = z
  .object({
    name: z.string(),
    version: z.string(),
    title: z.string(),
    description: z.string(),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'WorkloadSummary' });

export const workloadSchema = summarySchema
  .extend({
    input: z.object({ min: z.int(), max: z.int(), endings: z.array(z.string()) }),
    params: z.record(z.string(), z.unknown()).describe('JSON Schema of the parameters, with defaults'),
    steps: z.array(
      z.object({
        name: z.string(),
        runs: z.enum(['lambda', 'container']),
        vcpu: z.number().optional().describe('Of a container'),
        memoryMiB: z.number(),
        devices: z.array(z.enum(['cpu', 'gpu'])).optional(),
      }),
    ),
    quotePerGb: quoteSchema.omit({ wait: true }).describe('What a job with 1 GB of input takes, as far as is known'),
    versions: z.array(z.string()).optional().describe('Of a workload that was registered, the oldest first'),
    release: releaseSchema.optional().describe('Which of them new jobs get'),
    example: z.object({ workload: z.string(), input: z.string() }).describe('A request for POST /jobs'),
  })
  .meta({ id: 'Workload' });

export const workloadsSchema = z.object({ workloads: z.array(summarySchema) }).meta({ id: 'Workloads' });

export const machineSchema = z
  .record(z.string(), z.unknown())
  .describe('In Amazon States Language, with names in braces in place of what only a deployment knows')
  .meta({ id: 'Machine' });

export const WORKLOADS = {
  listWorkloads: {
    method: 'get',
    path: '/workloads',
    summary: 'What jobs can be',
    answers: { 200: workloadsSchema },
    problems: [],
  },
  readWorkload: {
    method: 'get',
    path: '/workloads/{name}',
    summary:
      'What a workload takes: JSON Schema of its parameters, its inputs, the sizes of its steps and what it costs',
    answers: { 200: workloadSchema },
    problems: [404],
  },
  readMachine: {
    method: 'get',
    path: '/workloads/{name}/machine',
    summary: 'The state machine of a workload, to draw it',
    answers: { 200: machineSchema },
    problems: [404, 501],
  },
} satisfies Operations;

export interface WorkloadPorts {
  registry: WorkloadRegistry;
  jobs: Pick<JobStore, 'list'>;
  registration?: Pick<Registration, 'read'>;
  /** What container steps run on where they can run on both. */
  device?: Device;
  /** The state machine of a workload, as its file says it. */
  machineOf?: (workload: string) => Promise<Record<string, unknown> | undefined>;
}

export function workloadAnswers(ports: WorkloadPorts): Answers<typeof WORKLOADS> {
  const { registry, jobs, device, registration, machineOf } = ports;
  return {
    async listWorkloads(context) {
      return context.json({ workloads: (await registry.list()).map(summaryOf) });
    },

    async readWorkload(context, { team }) {
      const name = context.req.param('name')!;
      const workload = (await registry.list()).find((one) => one.name === name);
      if (workload) {
        const past = await pastJobs(workload, team, jobs);
        const quotePerGb = quoteOf({ workload, plan: planOf(workload, device), inputBytes: GB, past });
        const registered = workload.outside && (await registration?.read(name));
        return context.json({ ...viewOf(workload), ...registered, quotePerGb });
      }
      return refuseUnknown(name);
    },

    async readMachine(context) {
      const name = context.req.param('name')!;
      const { outside } = (await registry.list()).find((one) => one.name === name) ?? {};
      if (outside) return context.json({ ...outside.machine });
      if (!machineOf) throw new RequestRefused('NotOffered', 'This API knows no state machines.', 'Do without.');
      return context.json((await machineOf(name)) ?? refuseUnknown(name));
    },
  };
}

function refuseUnknown(name: string): never {
  const hint = 'GET /workloads lists what there is.';
  throw new ApiProblem(404, 'NoSuchWorkload', `There is no workload ${name}.`, hint);
}

function summaryOf({ name, version, title, description }: Workload): z.infer<typeof summarySchema> {
  return { name, version, title, description, links: { self: `workloads/${name}` } };
}

const GB = 1e9;

function viewOf(workload: Workload): Omit<z.infer<typeof workloadSchema>, 'quotePerGb'> {
  const { name: own, input, params, steps } = workload;
  return {
    ...summaryOf(workload),
    input: { ...input, endings: [...input.endings] },
    params: asJsonSchema(params, 'input'),
    steps: Object.entries(steps).map(([name, placed]) => ({ name, ...sizeView(placed) })),
    example: { workload: own, input: `file${input.endings[0] ?? ''}` },
  };
}

function sizeView(placed: Placement) {
  const { runs, memoryMiB } = placed;
  return runs === 'lambda' ? { runs, memoryMiB } : { runs, memoryMiB, vcpu: placed.vcpu, devices: [...placed.devices] };
}
