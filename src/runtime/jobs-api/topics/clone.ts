import type { Context } from 'hono';
import { z } from 'zod';
import { PRIORITIES } from '#core/queue';
import { type Again, type ClonePorts, cloneJob, explainClone, explainRedrive, redriveOrClone } from '#jobs/clone';
import { workloadOf } from '#jobs/registry';
import { nextSizes } from '#jobs/size-up';
import type { Answers, Operations } from '../operation.ts';
import { quoteSchema } from '../quote-schema.ts';
import { bodyOf, headersOf, queryOf } from '../requests.ts';
import { jobSchema } from '../schemas.ts';
import { requireJob } from '../team-jobs.ts';
import { jobView } from '../views.ts';
import { idempotencyKeySchema } from './jobs.ts';

const cloneSchema = z
  .strictObject({
    params: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("What is to be other than in the job's own parameters; null takes one out"),
    priority: z.enum(PRIORITIES).optional().describe("The job's own if not given"),
    reuse: z.boolean().optional().describe('False: do everything anew'),
  })
  .meta({ id: 'CloneOrder', example: { params: { confidence: 0.4 } } });

const outlookShape = {
  because: z.string().optional().describe('Why the job itself can not be started again, where that was asked for'),
  steps: z
    .array(
      z.object({
        step: z.string(),
        runs: z
          .enum(['all', 'rest', 'none'])
          .describe('What of it is still to be done; `rest`: some of its shards are'),
        from: z.array(z.string()).describe('The jobs that did what is taken over'),
      }),
    )
    .describe('In their order'),
  quote: quoteSchema.describe('What is left would take'),
};

const WAYS = ['redrive', 'clone'] as const;

export const againSchema = z.object({ way: z.enum(WAYS), ...outlookShape }).meta({ id: 'Again' });

export const doneAgainSchema = jobSchema
  .extend({ did: z.enum(WAYS).describe('Started this job again, or made a new one of it'), ...outlookShape })
  .meta({ id: 'DoneAgain' });

const explain = z.enum(['true', 'false']).optional().describe('Only tell what would be done');

const size = z.enum(['next']).optional().describe('`next`: the step that failed gets the next larger size');

export const CLONE = {
  redriveJob: {
    method: 'post',
    path: '/jobs/{id}/redrive',
    summary: 'Start a failed job again where it failed, or clone it where that is not possible',
    description:
      'What is done is not done again. A job whose workload has another version by now, whose artifacts were removed, that ended with a verdict that stands, or that was cancelled, is cloned: the answer says which it was, and why.',
    query: { explain, size },
    answers: { 200: againSchema, 202: doneAgainSchema },
    problems: [400, 404, 409, 429],
  },
  cloneJob: {
    method: 'post',
    path: '/jobs/{id}/clone',
    summary: 'Submit the request of a job again, with changes; what is unchanged is not done again',
    body: cloneSchema,
    query: { explain },
    headers: { 'Idempotency-Key': idempotencyKeySchema.optional() },
    answers: { 200: z.union([againSchema, doneAgainSchema]), 202: doneAgainSchema },
    problems: [400, 404, 409, 422, 429],
  },
} satisfies Operations;

export function cloneAnswers(ports: ClonePorts): Answers<typeof CLONE> {
  return {
    async redriveJob(context, caller) {
      const { explain, size } = queryOf(context, CLONE.redriveJob.query);
      const job = await requireJob(context, caller, ports.jobs);
      const again = await explainRedrive(job, ports);
      if (explain === 'true') return context.json(againView(again));
      const sizes = size && { sizes: nextSizes(job, await workloadOf(job, ports.registry)) };
      const { did, job: begun } = await redriveOrClone(job, ports, sizes);
      return answerDone(context, did, begun, again, 202);
    },

    async cloneJob(context, caller) {
      const { explain } = queryOf(context, CLONE.cloneJob.query);
      const { 'Idempotency-Key': key } = headersOf(context, CLONE.cloneJob.headers);
      const changes = await bodyOf(context, cloneSchema);
      const job = await requireJob(context, caller, ports.jobs);
      const again = await explainClone(job, changes, ports);
      if (explain === 'true') return context.json(againView(again));
      const { job: clone, isNew } = await cloneJob(job, changes, ports, key);
      return answerDone(context, 'clone', clone, again, isNew ? 202 : 200);
    },
  };
}

function answerDone(
  context: Context,
  did: (typeof WAYS)[number],
  job: Parameters<typeof jobView>[0],
  again: Again,
  status: 200 | 202,
): Response {
  const { way: _way, ...outlook } = againView(again);
  const view = jobView(job);
  return context.json({ ...view, did, ...outlook }, status, { Location: `../../${view.links.self}` });
}

function againView({ plan: _plan, ...again }: Again): z.infer<typeof againSchema> {
  return again;
}
