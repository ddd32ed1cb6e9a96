import { z } from 'zod';
import { InputError } from '#core/errors';
import type { Logs } from '#core/logs';
import type { JobStore, WorkloadRegistry } from '#core/ports';
import type { Workload } from '#core/workload';
import { RequestRefused } from '#jobs/refusal';
import { workloadOf } from '#jobs/registry';
import { type Answers, limitSchema, MAX_PAGE, type Operations } from '../operation.ts';
import { queryOf } from '../requests.ts';
import { requireJob } from '../team-jobs.ts';

export const logsSchema = z
  .object({
    lines: z
      .array(
        z.object({
          at: z.iso.datetime(),
          level: z.string(),
          message: z.string(),
          step: z.string(),
          shard: z.int().optional(),
          fields: z.record(z.string(), z.unknown()).optional().describe('What else the line says'),
        }),
      )
      .describe('Oldest first'),
    next: z.string().describe('Given as `after`, what was written since'),
  })
  .meta({ id: 'LogPage' });

export const LOGS = {
  readLogs: {
    method: 'get',
    path: '/jobs/{id}/logs',
    summary: 'The last lines that the steps of a job wrote, or those after the ones that were read before',
    query: {
      step: z.string().max(100).optional().describe('Of this step alone'),
      after: z.string().max(8000).optional().describe('The `next` of the answer before'),
      limit: limitSchema(200, MAX_PAGE),
    },
    answers: { 200: logsSchema },
    problems: [400, 404, 501],
  },
} satisfies Operations;

export interface LogPorts {
  jobs: JobStore;
  registry: WorkloadRegistry;
  logs?: Logs;
}

export function logAnswers({ jobs, registry, logs }: LogPorts): Answers<typeof LOGS> {
  return {
    async readLogs(context, caller) {
      const { step, ...page } = queryOf(context, LOGS.readLogs.query);
      const job = await requireJob(context, caller, jobs);
      const steps = stepsOf(await workloadOf(job, registry), step);
      if (logs) return context.json(await logs.tail({ job, steps, ...page }));
      throw new RequestRefused('NotOffered', 'This API has no logs to read.', 'Ask whoever runs it where they are.');
    },
  };
}

function stepsOf({ name, steps }: Workload, wanted: string | undefined): Workload['steps'] {
  if (wanted === undefined) return steps;
  if (Object.hasOwn(steps, wanted)) return { [wanted]: steps[wanted]! };
  throw new InputError(`${name} has no step ${wanted}. It has: ${Object.keys(steps).join(', ')}.`);
}
