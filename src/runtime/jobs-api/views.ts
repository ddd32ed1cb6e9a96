import type { z } from 'zod';
import { fromErrorDocument, StepreelError } from '#core/errors';
import type { Job, JobError } from '#core/job';
import type { JobPage, Uploads } from '#core/ports';
import type { JobEvent } from '#jobs/events';
import { explainFailure } from '#jobs/explain-failure';
import { closingDocuments, documentKey } from '#jobs/publish';
import type { Result } from '#jobs/result';
import type { eventsSchema, jobSchema, jobsSchema, resultsSchema } from './schemas.ts';

// Links have no leading slash: they then hold below the stage that API Gateway puts before every path.
const jobLink = (id: string) => `jobs/${id}`;

/** What the API tells of a job. */
export function jobView(job: Job): z.infer<typeof jobSchema> {
  const {
    requestDigest: _digest,
    planned: _planned,
    queuedAt: _queuedAt,
    progress: { waiting, ...progress } = {},
    error,
    ...facts
  } = job;
  const hasResult = job.status === 'SUCCEEDED' || job.status === 'PARTIAL';
  return {
    ...facts,
    ...(job.progress ? { progress: progress as Omit<NonNullable<Job['progress']>, 'waiting'> } : {}),
    ...(waiting && job.status === 'RUNNING' ? { waiting } : {}),
    ...(error ? { error: errorView(error, job) } : {}),
    links: { self: jobLink(job.id), ...(hasResult ? { results: `${jobLink(job.id)}/results` } : {}) },
  };
}

export function jobsView({ jobs, next }: JobPage): z.infer<typeof jobsSchema> {
  return { jobs: jobs.map(jobView), ...(next === undefined ? {} : { next }) };
}

/** One page of a job's events; the cursor counts those before it, and what has happened does not change. */
export function eventsView(events: JobEvent[], page: { cursor: string; limit: number }): z.infer<typeof eventsSchema> {
  const end = Number(page.cursor) + page.limit;
  return { events: events.slice(Number(page.cursor), end), ...(events.length > end ? { next: `${end}` } : {}) };
}

/** An error that is none of ours came from the platform under us: the operator can look at it. */
function errorView(recorded: JobError, job: Job) {
  const { step, explanation = explainFailure({ job, error: recorded }), ...document } = recorded;
  const error = fromErrorDocument(document);
  const { retryable, actor } = error instanceof StepreelError ? error : { retryable: false, actor: 'operator' };
  const place = step ? { step } : {};
  return { code: document.name, message: document.message, ...place, retryable, actor, explanation };
}

export interface Page {
  /** The path of the last file of the page before. */
  cursor?: string | undefined;
  limit: number;
}

/** One page of a result's files, by path, each with a link where the platform gives links. */
export async function resultsView(
  jobId: string,
  { manifest, files }: Result,
  { cursor = '', limit }: Page,
  uploads: Uploads | undefined,
): Promise<z.infer<typeof resultsSchema>> {
  const { files: listed, ...head } = manifest;
  const paths = Object.keys(listed)
    .filter((path) => path > cursor)
    .sort();
  const page = paths.slice(0, limit);
  const rows = page.map(async (path) => {
    const { key } = files.get(path)!;
    const fileName = path.slice(path.lastIndexOf('/') + 1);
    return { path, ...listed[path]!, ...(uploads ? { href: await uploads.link(key, fileName) } : {}) };
  });
  const closing = closingDocuments(head.outcome).map(async (path) => ({
    path,
    ...(uploads ? { href: await uploads.link(documentKey(jobId, path), path) } : {}),
  }));
  const next = paths.length > limit ? { next: page.at(-1)! } : {};
  return { manifest: head, files: await Promise.all(rows), documents: await Promise.all(closing), ...next };
}
