import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { jobSchema } from '#runtime/jobs-api/schemas';
import { type ApiOptions, openApi } from './api-options.ts';
import { readParams } from './params.ts';
import { printJob } from './remote-job.ts';
import { watchJob } from './watch-job.ts';

export interface SubmitOptions extends ApiOptions {
  input: string[];
  param?: string[];
  params?: string;
  project?: string;
  key?: string;
  /** False with --no-reuse. */
  reuse?: boolean;
  wait?: boolean;
}

/** Hands a job in, tells its id on stdout, and with `wait` ends as the job ends. */
export async function submit(workload: string, options: SubmitOptions, json: boolean): Promise<void> {
  const { input, param, project, key, reuse, wait } = options;
  const params = await readParams(param, options.params);
  const api = await openApi(options);
  const uris = input.map(asUri);
  const body = {
    workload,
    input: uris.length === 1 ? uris[0] : uris,
    params,
    ...(project ? { project } : {}),
    ...noReuse(reuse),
  };
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
  const job = await api.ask('POST', 'jobs', jobSchema, { body, headers });
  if (json) printJob(job, json);
  else process.stdout.write(`${job.id}\n`);
  if (wait) await watchJob(api, job.id, json);
}

function noReuse(reuse: boolean | undefined): { reuse?: false } {
  return reuse === false ? { reuse } : {};
}

/** The API at home takes absolute paths, since it need not have been started in the same folder. */
export function asUri(input: string): string {
  const isUri = /^[a-z][a-z0-9+.-]+:/i.test(input) && !existsSync(input);
  return isUri ? input : resolve(input);
}
