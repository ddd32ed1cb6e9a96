import type { Context } from 'hono';
import type { Job } from '#core/job';
import type { JobStore } from '#core/ports';
import { RequestRefused } from '#jobs/refusal';
import type { Caller } from './operation.ts';

/** The job that a path's `{id}` names. @throws RequestRefused for one that is not there, or is another team's. */
export async function requireJob(context: Context, { team }: Caller, jobs: Pick<JobStore, 'get'>): Promise<Job> {
  const id = context.req.param('id')!;
  const job = await jobs.get(id);
  if (job && job.team === team) return job;
  throw new RequestRefused('NoSuchJob', `There is no job ${id}.`, 'Look at the id that POST /jobs answered with.');
}
