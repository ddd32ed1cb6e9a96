import { jobsSchema } from '#runtime/jobs-api/schemas';
import { type ApiOptions, openApi } from './api-options.ts';
import { apiPages } from './api-pages.ts';
import type { RemoteJob } from './remote-job.ts';

export interface ListOptions extends ApiOptions {
  status?: string;
  workload?: string;
  project?: string;
  batch?: string;
  limit: number;
}

// Larger pages would only come later.
const MAX_PAGE = 100;

/** A line for each job, newest first, until there are `limit`. */
export async function listJobs(options: ListOptions, json: boolean): Promise<void> {
  const { status, workload, project, batch, limit } = options;
  const query = { status, workload, project, batch, limit: Math.min(limit, MAX_PAGE) };
  let left = limit;
  for await (const { jobs } of apiPages(await openApi(options), 'jobs', jobsSchema, query)) {
    for (const job of jobs.slice(0, left)) printLine(job, json);
    left -= jobs.length;
    if (left <= 0) return;
  }
}

function printLine(job: RemoteJob, json: boolean): void {
  const { id, status, createdAt, input, error } = job;
  const why = error?.explanation ? `  (${error.explanation.kind})` : '';
  const names = input.map(({ name }) => name).join(', ');
  process.stdout.write(
    json
      ? `${JSON.stringify({ event: 'job', ...job })}\n`
      : `${id}  ${status.padEnd(9)}  ${createdAt}  ${names}${why}\n`,
  );
}
