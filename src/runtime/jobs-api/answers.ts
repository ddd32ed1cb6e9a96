import type { Context } from 'hono';
import { isSettled, type Job } from '#core/job';
import type { Executions, Uploads } from '#core/ports';
import { cancelJob } from '#jobs/cancel';
import { jobEvents } from '#jobs/events';
import { planOf } from '#jobs/plan';
import { type ReplayPorts, replayJob } from '#jobs/redrive';
import { RequestRefused } from '#jobs/refusal';
import { resultOf } from '#jobs/result';
import { checkRequest, submitJob } from '#jobs/submit';
import { OPERATIONS, type OperationId } from './operations.ts';
import { ApiProblem } from './problems.ts';
import { bodyOf, headersOf, type InputRule, queryOf, requireOwnTeam, submitRequestOf } from './requests.ts';
import { submissionSchema, uploadRequestSchema } from './schemas.ts';
import { eventsView, jobsView, jobView, resultsView, workloadSummary, workloadView } from './views.ts';

/** What the API is made of. At home nothing is signed: there are no `uploads`, and results have no links. */
export interface ApiPorts extends ReplayPorts {
  executions: Pick<Executions, 'start' | 'stop' | 'history'>;
  uploads?: Uploads;
  refuseInput?: InputRule;
}

type Answers = Record<OperationId, (context: Context, team: string) => Promise<Response>>;

/** How each operation is answered. `team` is the credential's; what belongs to another team is not there. */
export function answersOf(ports: ApiPorts, openApi: () => Record<string, unknown>): Answers {
  const { jobs, artifacts, executions, deadLetters, registry, uploads, device, refuseInput } = ports;

  const requireJob = async (context: Context, team: string): Promise<Job> => {
    const id = context.req.param('id')!;
    const job = await jobs.get(id);
    if (job && job.team === team) return job;
    throw new RequestRefused('NoSuchJob', `There is no job ${id}.`, 'Look at the id that POST /jobs answered with.');
  };

  // A dead letter is replayed by starting its job over, and a job that is started over has no letter any more.
  const restart = async (context: Context, team: string): Promise<Response> => {
    const job = await replayJob(await requireJob(context, team), ports);
    return context.json(jobView(job), 202, { Location: `../../${jobView(job).links.self}` });
  };

  return {
    async submitJob(context, team) {
      const { validateOnly } = queryOf(context, OPERATIONS.submitJob.query);
      const { 'Idempotency-Key': key } = headersOf(context, OPERATIONS.submitJob.headers);
      const submission = await bodyOf(context, submissionSchema);
      const request = submitRequestOf(submission, { team, refuseInput, ...(key === undefined ? {} : { key }) });
      if (validateOnly === 'true') {
        const workload = await registry.get(request.workload);
        const params = checkRequest(workload, request);
        const { name, version } = workload;
        return context.json({
          valid: true,
          workload: name,
          workloadVersion: version,
          params,
          plan: planOf(workload, device),
        });
      }
      const { job, isNew } = await submitJob(request, ports);
      return context.json(jobView(job), isNew ? 202 : 200, { Location: jobView(job).links.self });
    },

    async listJobs(context, team) {
      const { team: named, since, ...asked } = queryOf(context, OPERATIONS.listJobs.query);
      requireOwnTeam(named, team);
      // Times of jobs are in UTC, and compared as texts.
      const query = { team, ...asked, since: since && new Date(since).toISOString() };
      return context.json(jobsView(await jobs.list(query)));
    },

    async readJob(context, team) {
      return context.json(jobView(await requireJob(context, team)));
    },

    async readEvents(context, team) {
      const page = queryOf(context, OPERATIONS.readEvents.query);
      return context.json(eventsView(await jobEvents(await requireJob(context, team), executions), page));
    },

    async cancelJob(context, team) {
      const job = await cancelJob(await requireJob(context, team), ports);
      return context.json(jobView(job), isSettled(job.status) ? 200 : 202);
    },

    redriveJob: restart,

    async readResults(context, team) {
      const page = queryOf(context, OPERATIONS.readResults.query);
      const job = await requireJob(context, team);
      if (job.status !== 'SUCCEEDED' && job.status !== 'PARTIAL') {
        throw new RequestRefused(
          'NoResult',
          `Job ${job.id} is ${job.status}; only a job that SUCCEEDED or is PARTIAL has a result.`,
          'GET /jobs/{id} tells how far it is, or why it ended.',
        );
      }
      const result = await resultOf(job, await registry.get(job.workload), ports);
      return context.json(await resultsView(job.id, result, page, uploads));
    },

    async requestUpload(context, team) {
      const request = await bodyOf(context, uploadRequestSchema);
      if (uploads) return context.json(await uploads.presign({ team, ...request }), 201);
      throw new RequestRefused(
        'NotOffered',
        'This API signs no uploads.',
        'Name a file that it can read as the input.',
      );
    },

    async listDeadLetters(context, team) {
      const letters = (await deadLetters.list()).filter((letter) => letter.team === team);
      return context.json({ letters: letters.map(({ error, ...letter }) => ({ ...letter, ...shortened(error) })) });
    },

    replayDeadLetter: restart,

    async dropDeadLetter(context, team) {
      const { id } = await requireJob(context, team);
      if (await deadLetters.remove(id)) return context.body(null, 204);
      throw new RequestRefused('NoSuchJob', `There is no dead letter of job ${id}.`, 'GET /dead-letters lists them.');
    },

    async listWorkloads(context) {
      return context.json({ workloads: (await registry.list()).map(workloadSummary) });
    },

    async readWorkload(context) {
      const name = context.req.param('name')!;
      const workload = (await registry.list()).find((one) => one.name === name);
      if (workload) return context.json(workloadView(workload));
      throw new ApiProblem(
        404,
        'NoSuchWorkload',
        `There is no workload ${name}.`,
        'GET /workloads lists what there is.',
      );
    },

    async readHealth(context) {
      const dependencies = {
        jobs: await stateOf(() => jobs.get('health')),
        artifacts: await stateOf(() => artifacts.exists('health')),
      };
      const isWell = Object.values(dependencies).every((state) => state === 'ok');
      return context.json({ status: isWell ? 'ok' : 'failing', dependencies }, isWell ? 200 : 503);
    },

    async readOpenApi(context) {
      return context.json(openApi());
    },
  };
}

function shortened(error: Job['error']) {
  if (!error) return {};
  const { name, message, step } = error;
  return { error: { name, message, ...(step ? { step } : {}) } };
}

/** A dependency is well when it answers, whatever it says. */
async function stateOf(ask: () => Promise<unknown>): Promise<'ok' | 'failing'> {
  return await ask().then(
    () => 'ok' as const,
    () => 'failing' as const,
  );
}
