import type { Context } from 'hono';
import { z } from 'zod';
import { isSettled } from '#core/job';
import type { ArtifactStore, Executions } from '#core/ports';
import type { Records } from '#core/records';
import { cancelJob } from '#jobs/cancel';
import { jobEvents } from '#jobs/events';
import { planOf } from '#jobs/plan';
import { whyWaiting } from '#jobs/queue-view';
import { quoteJob } from '#jobs/quote-job';
import { type ReplayPorts, replayJob } from '#jobs/redrive';
import { checkRequest, type SubmitPorts, submitJob } from '#jobs/submit';
import { type Answers, type Caller, cursorSchema, limitSchema, MAX_PAGE, type Operations } from '../operation.ts';
import {
  bodyOf,
  headersOf,
  type InputRule,
  queryOf,
  type ReceiverCheck,
  requireOwnTeam,
  submitRequestOf,
  withUploads,
} from '../requests.ts';
import {
  eventsSchema,
  jobSchema,
  jobsSchema,
  statusFilterSchema,
  submissionSchema,
  validationSchema,
} from '../schemas.ts';
import { requireJob } from '../team-jobs.ts';
import { eventsView, jobsView, jobView } from '../views.ts';

export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'expected 1 to 255 printable ASCII characters without spaces');

export const JOBS = {
  submitJob: {
    method: 'post',
    path: '/jobs',
    summary: 'Submit a job, or with validateOnly learn whether it would be accepted',
    body: submissionSchema,
    query: { validateOnly: z.enum(['true', 'false']).optional() },
    headers: { 'Idempotency-Key': idempotencyKeySchema.optional() },
    answers: { 200: z.union([jobSchema, validationSchema]), 202: jobSchema },
    problems: [400, 403, 409, 413, 422, 429],
  },
  listJobs: {
    method: 'get',
    path: '/jobs',
    summary: "The team's jobs, newest first",
    query: {
      status: statusFilterSchema.optional(),
      workload: z.string().min(1).optional(),
      team: z.string().optional().describe("Only the credential's own team is accepted"),
      project: z.string().min(1).optional(),
      batch: z.string().min(1).optional(),
      since: z.iso.datetime({ offset: true }).optional().describe('Recorded then or later'),
      cursor: cursorSchema,
      limit: limitSchema(50, 200),
    },
    answers: { 200: jobsSchema },
    problems: [400, 403],
  },
  readJob: {
    method: 'get',
    path: '/jobs/{id}',
    summary: 'State, progress, what it waits for, and why it failed',
    answers: { 200: jobSchema },
    problems: [404],
  },
  readEvents: {
    method: 'get',
    path: '/jobs/{id}/events',
    summary: 'What happened to a job, in order: states, attempts, retries, errors',
    query: {
      cursor: z
        .string()
        .regex(/^\d{1,9}$/, 'expected the `next` of the page before')
        .default('0'),
      limit: limitSchema(200, MAX_PAGE),
    },
    answers: { 200: eventsSchema },
    problems: [400, 404],
  },
  cancelJob: {
    method: 'post',
    path: '/jobs/{id}/cancel',
    summary: 'Stop a job; 202 while its work is being ended, 200 when it is CANCELED',
    answers: { 200: jobSchema, 202: jobSchema },
    problems: [404, 409],
  },
} satisfies Operations;

type LifePorts = SubmitPorts & ReplayPorts;

export interface JobPorts extends LifePorts {
  artifacts: ArtifactStore;
  executions: Pick<Executions, 'start' | 'stop' | 'status' | 'resumePoint' | 'history'>;
  refuseInput?: InputRule;
  records: Pick<Records, 'get'>;
  refuseReceiver?: ReceiverCheck;
}

export function jobAnswers(ports: JobPorts): Answers<typeof JOBS> {
  const { jobs, executions, registry, device, refuseInput, refuseReceiver, records } = ports;
  return {
    async submitJob(context, { team }) {
      const { validateOnly } = queryOf(context, JOBS.submitJob.query);
      const { 'Idempotency-Key': key } = headersOf(context, JOBS.submitJob.headers);
      const submission = await withUploads(await bodyOf(context, submissionSchema), team, records);
      const request = submitRequestOf(submission, {
        team,
        refuseInput,
        refuseReceiver,
        ...(key === undefined ? {} : { key }),
      });
      if (validateOnly === 'true') {
        const workload = await registry.get(request.workload);
        const params = checkRequest(workload, request);
        const { name, version } = workload;
        const plan = planOf(workload, device);
        const quote = await quoteJob({ ...request, workload, team, plan }, ports);
        return context.json({ valid: true, workload: name, workloadVersion: version, params, plan, quote });
      }
      const { job, isNew } = await submitJob(request, ports);
      return context.json(jobView(job), isNew ? 202 : 200, { Location: jobView(job).links.self });
    },

    async listJobs(context, { team }) {
      const { team: named, since, ...asked } = queryOf(context, JOBS.listJobs.query);
      requireOwnTeam(named, team);
      // Times of jobs are in UTC, and compared as texts.
      const query = { team, ...asked, since: since && new Date(since).toISOString() };
      return context.json(jobsView(await jobs.list(query)));
    },

    async readJob(context, caller) {
      const job = await requireJob(context, caller, jobs);
      const waiting = job.status === 'QUEUED' ? await whyWaiting(job, ports) : undefined;
      return context.json({ ...jobView(job), ...(waiting && { waiting }) });
    },

    async readEvents(context, caller) {
      const page = queryOf(context, JOBS.readEvents.query);
      return context.json(eventsView(await jobEvents(await requireJob(context, caller, jobs), executions), page));
    },

    async cancelJob(context, caller) {
      const job = await cancelJob(await requireJob(context, caller, jobs), ports);
      return context.json(jobView(job), isSettled(job.status) ? 200 : 202);
    },
  };
}

/** Starts a job over: what the replay of a dead letter is. */
export async function answerRestart(context: Context, caller: Caller, ports: ReplayPorts): Promise<Response> {
  const job = await replayJob(await requireJob(context, caller, ports.jobs), ports);
  return context.json(jobView(job), 202, { Location: `../../${jobView(job).links.self}` });
}
