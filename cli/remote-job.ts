import type { z } from 'zod';
import { isSettled } from '#core/job';
import { dollars } from '#jobs/receipt-costs';
import { jobSchema } from '#runtime/jobs-api/schemas';
import type { ApiClient, ApiQuestion } from './api-client.ts';
import { alignColumns } from './describe-params.ts';
import { endAsJob } from './job-end.ts';
import { whyFacts } from './why-failed.ts';

/** A job as the API tells of it. */
export type RemoteJob = z.infer<typeof jobSchema>;

/** Where the API tells of a job, and `action` on it if there is one. */
export function jobPath(id: string, action?: string): string {
  return `jobs/${encodeURIComponent(id)}${action === undefined ? '' : `/${action}`}`;
}

export async function readJob(api: ApiClient, id: string): Promise<RemoteJob> {
  return await api.ask('GET', jobPath(id), jobSchema);
}

/** `cancel` or `redrive`. */
export async function actOnJob(
  api: ApiClient,
  id: string,
  action: string,
  query: ApiQuestion['query'] = {},
): Promise<RemoteJob> {
  return await api.ask('POST', jobPath(id, action), jobSchema, { query });
}

/** One JSON line, or what a person wants to know. */
export function printJob(job: RemoteJob, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify({ event: 'job', ...job })}\n` : alignColumns(factsOf(job)));
}

function factsOf(job: RemoteJob): [string, string][] {
  const { id, status, workload, input, progress, waiting, error, degraded, createdAt, startedAt, endedAt } = job;
  const { charge, reused = [] } = job;
  const facts: [string, string | undefined][] = [
    ['job', id],
    ['status', status],
    ['workload', workload],
    ['input', input.map(({ uri }) => uri).join(', ')],
    ['step', progress && !isSettled(status) ? describeProgress(progress) : undefined],
    ['waits for', waiting && `${waiting.reason} (since ${waiting.since})`],
    ['error', error && `${error.code}${error.step ? ` in ${error.step}` : ''}: ${error.message}`],
    ...(error ? whyFacts(error) : []),
    ['degraded', degraded.map(({ step, reason }) => `${step}: ${reason}`).join('; ') || undefined],
    ['taken over', reused.map(({ step, from }) => `${step} from ${from}`).join(', ') || undefined],
    ['cost', charge && `${dollars(charge.usd)} by the list prices of AWS of ${charge.prices}`],
    ['created', createdAt],
    ['started', startedAt],
    ['ended', endedAt],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

export function describeProgress({ step, done, total, percent }: NonNullable<RemoteJob['progress']>): string {
  return total > 0 ? `${step}: ${done} of ${total} (${Math.floor(percent)} %)` : step;
}

/** Ends the command as the job ended, like `stepreel run`. */
export function endAsRemoteJob({ status, error }: RemoteJob): void {
  endAsJob({ status, error: error && { ...error, name: error.code, next: error.explanation?.next } });
}
