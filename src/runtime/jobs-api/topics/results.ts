import type { ArtifactStore, JobStore, Uploads, WorkloadRegistry } from '#core/ports';
import { RequestRefused } from '#jobs/refusal';
import { workloadOf } from '#jobs/registry';
import { resultOf } from '#jobs/result';
import { type Answers, cursorSchema, limitSchema, MAX_PAGE, type Operations } from '../operation.ts';
import { queryOf } from '../requests.ts';
import { resultsSchema } from '../schemas.ts';
import { requireJob } from '../team-jobs.ts';
import { resultsView } from '../views.ts';

export const RESULTS = {
  readResults: {
    method: 'get',
    path: '/jobs/{id}/results',
    summary: 'The manifest of a finished job, with a link for each file',
    query: { cursor: cursorSchema, limit: limitSchema(200, MAX_PAGE) },
    answers: { 200: resultsSchema },
    problems: [400, 404, 409],
  },
} satisfies Operations;

export interface ResultPorts {
  jobs: JobStore;
  artifacts: ArtifactStore;
  registry: WorkloadRegistry;
  uploads?: Uploads;
}

export function resultAnswers(ports: ResultPorts): Answers<typeof RESULTS> {
  return {
    async readResults(context, caller) {
      const page = queryOf(context, RESULTS.readResults.query);
      const job = await requireJob(context, caller, ports.jobs);
      if (job.status !== 'SUCCEEDED' && job.status !== 'PARTIAL') {
        throw new RequestRefused(
          'NoResult',
          `Job ${job.id} is ${job.status}; only a job that SUCCEEDED or is PARTIAL has a result.`,
          'GET /jobs/{id} tells how far it is, or why it ended.',
        );
      }
      const result = await resultOf(job, await workloadOf(job, ports.registry), ports);
      return context.json(await resultsView(job.id, result, page, ports.uploads));
    },
  };
}
