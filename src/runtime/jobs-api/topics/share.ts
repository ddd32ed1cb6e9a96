import { z } from 'zod';
import type { WebhookSecrets } from '#core/notices';
import type { ArtifactStore, Executions, JobStore, Uploads, WorkloadRegistry } from '#core/ports';
import { jobEvents } from '#jobs/events';
import { RequestRefused } from '#jobs/refusal';
import { workloadOf } from '#jobs/registry';
import { resultOf } from '#jobs/result';
import { type Answers, cursorSchema, limitSchema, MAX_PAGE, type Operations } from '../operation.ts';
import { bodyOf, queryOf } from '../requests.ts';
import { eventsSchema, jobSchema, resultsSchema } from '../schemas.ts';
import { openShare, signShare } from '../share-links.ts';
import { requireJob } from '../team-jobs.ts';
import { eventsView, jobView, resultsView } from '../views.ts';
import { machineSchema } from './workloads.ts';

const MOST_HOURS = 24 * 30;

const orderSchema = z
  .strictObject({ hours: z.int().min(1).max(MOST_HOURS).default(24).describe('How long it can be followed') })
  .meta({ id: 'ShareOrder', example: { hours: 24 } });

export const shareSchema = z
  .object({
    token: z.string(),
    expiresAt: z.iso.datetime(),
    links: z.object({ page: z.string(), self: z.string() }).describe("Relative to the API's address"),
  })
  .meta({ id: 'Share' });

export const sharedSchema = z
  .object({
    job: jobSchema.omit({ notify: true }),
    machine: machineSchema.optional(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'SharedJob' });

export const SHARE = {
  shareJob: {
    method: 'post',
    path: '/jobs/{id}/share',
    summary: 'A signed link by which somebody without a credential can look at a job and its result, for a time',
    body: orderSchema,
    answers: { 200: shareSchema },
    problems: [400, 404, 413, 501],
  },
  readShared: {
    method: 'get',
    path: '/shared/{token}',
    summary: 'The job that a link leads to',
    answers: { 200: sharedSchema },
    problems: [404, 410, 501],
    open: true,
  },
  readSharedEvents: {
    method: 'get',
    path: '/shared/{token}/events',
    summary: 'What happened to the job that a link leads to',
    answers: { 200: eventsSchema },
    problems: [404, 410, 501],
    open: true,
  },
  readSharedResults: {
    method: 'get',
    path: '/shared/{token}/results',
    summary: 'The result of the job that a link leads to, with a link for each file',
    query: { cursor: cursorSchema, limit: limitSchema(200, MAX_PAGE) },
    answers: { 200: resultsSchema },
    problems: [400, 404, 409, 410, 501],
    open: true,
  },
} satisfies Operations;

export interface SharePorts {
  jobs: JobStore;
  artifacts: ArtifactStore;
  registry: WorkloadRegistry;
  executions: Pick<Executions, 'history'>;
  uploads?: Uploads;
  /** Links are signed with them too: who makes new ones takes all links back. */
  webhookSecrets?: WebhookSecrets;
  machineOf?: (workload: string) => Promise<Record<string, unknown> | undefined>;
}

// As many as the page draws; a job has more only after many starts.
const MOST_EVENTS = MAX_PAGE;

export function shareAnswers(ports: SharePorts): Answers<typeof SHARE> {
  const { jobs, executions, registry, webhookSecrets, machineOf } = ports;
  const secrets = webhookSecrets ?? { of: refuseSharing };
  const open = (token: string | undefined) => openShare(token ?? '', { jobs, secrets });
  return {
    async shareJob(context, caller) {
      const { hours } = await bodyOf(context, orderSchema);
      const { id: jobId, team } = await requireJob(context, caller, jobs);
      const expiresAt = new Date(Math.ceil(Date.now() / 1000) * 1000 + hours * 3_600_000).toISOString();
      const token = signShare({ jobId, expiresAt }, (await secrets.of(team))[0]);
      const links = { page: `#/shared/${token}`, self: `shared/${token}` };
      return context.json({ token, expiresAt, links }, 200, PRIVATE);
    },

    async readShared(context) {
      const { job, expiresAt } = await open(context.req.param('token'));
      const { notify: _notify, ...view } = jobView(job);
      // A job outlives what it was made by: without that there is no graph to draw.
      const workload = await workloadOf(job, registry).catch(() => undefined);
      const machine = workload?.outside ? { ...workload.outside.machine } : await machineOf?.(job.workload);
      return context.json({ job: view, ...(machine ? { machine } : {}), expiresAt }, 200, PRIVATE);
    },

    async readSharedEvents(context) {
      const { job } = await open(context.req.param('token'));
      const events = await jobEvents(job, executions);
      return context.json(eventsView(events, { cursor: '0', limit: MOST_EVENTS }), 200, PRIVATE);
    },

    async readSharedResults(context) {
      const page = queryOf(context, SHARE.readSharedResults.query);
      const { job } = await open(context.req.param('token'));
      if (job.status !== 'SUCCEEDED' && job.status !== 'PARTIAL') {
        const hint = 'GET /shared/{token} tells how far it is, or why it ended.';
        throw new RequestRefused('NoResult', `Job ${job.id} is ${job.status}, and has no result.`, hint);
      }
      const result = await resultOf(job, await workloadOf(job, registry), ports);
      return context.json(await resultsView(job.id, result, page, ports.uploads), 200, PRIVATE);
    },
  };
}

const PRIVATE = { 'Cache-Control': 'no-store' };

async function refuseSharing(): Promise<never> {
  throw new RequestRefused('NotOffered', 'This API signs no links.', 'Send the result itself.');
}
