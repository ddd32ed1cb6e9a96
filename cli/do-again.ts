import type { z } from 'zod';
import { dollars } from '#jobs/receipt-costs';
import { againSchema, doneAgainSchema } from '#runtime/jobs-api/topics/clone';
import { type ApiOptions, openApi } from './api-options.ts';
import { alignColumns } from './describe-params.ts';
import { readParams } from './params.ts';
import { jobPath } from './remote-job.ts';
import { watchJob } from './watch-job.ts';

export interface CloneOptions extends ApiOptions {
  param?: string[];
  params?: string;
  without?: string[];
  priority?: string;
  /** False with --no-reuse. */
  reuse: boolean;
  key?: string;
  explain?: boolean;
  wait?: boolean;
}

/** Submits a job's request again with changes, or tells what that would do. The new job's id goes to stdout. */
export async function cloneRemoteJob(id: string, options: CloneOptions, json: boolean): Promise<void> {
  const { without = [], priority, reuse, key } = options;
  const changed = await readParams(options.param, options.params);
  const params = { ...changed, ...Object.fromEntries(without.map((name) => [name, null])) };
  const body = { params, ...(priority ? { priority } : {}), ...(reuse ? {} : { reuse }) };
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
  await askAgain({ id, action: 'clone', body, headers }, options, json);
}

export interface RedriveOptions extends ApiOptions {
  size?: 'next';
  explain?: boolean;
}

/** Starts a job again, or clones it where that is not possible, or tells which of the two it would be. */
export async function redriveRemoteJob(id: string, options: RedriveOptions, json: boolean): Promise<void> {
  await askAgain({ id, action: 'redrive', query: { size: options.size } }, options, json);
}

interface Asked {
  id: string;
  action: 'clone' | 'redrive';
  body?: unknown;
  headers?: Record<string, string>;
  query?: Record<string, string | undefined>;
}

async function askAgain(
  { id, action, query = {}, ...asked }: Asked,
  options: ApiOptions & { explain?: boolean; wait?: boolean },
  json: boolean,
): Promise<void> {
  const api = await openApi(options);
  const path = jobPath(id, action);
  if (options.explain) {
    const again = await api.ask('POST', path, againSchema, { ...asked, query: { ...query, explain: 'true' } });
    print(json ? { event: 'again', ...again } : describeAgain(id, again));
    return;
  }
  const done = await api.ask('POST', path, doneAgainSchema, { ...asked, query });
  // Whoever put the id into a variable gets no more than that there.
  print(json ? { event: 'job', ...done } : `${done.id}\n`);
  if (!json) process.stderr.write(describeAgain(id, { way: done.did, ...done }));
  if (options.wait) await watchJob(api, done.id, json);
}

function print(text: string | object): void {
  process.stdout.write(typeof text === 'string' ? text : `${JSON.stringify(text)}\n`);
}

type Again = z.infer<typeof againSchema>;

/** What it is, and a line for each step. */
export function describeAgain(id: string, { way, because, steps, quote }: Again): string {
  const head = way === 'redrive' ? `${id} is started again` : `${id} is cloned`;
  const why = because === undefined ? '' : ` (not started again: ${because})`;
  const rows = steps.map(({ step, runs, from }) => [
    step,
    WORK[runs],
    from.length > 0 ? `from ${from.join(', ')}` : '',
  ]);
  const { seconds, usd, basis } = quote;
  const cost = `${seconds.likely.toFixed(1)} s, ${dollars(usd.likely)} by the list prices of AWS. ${basis.how}`;
  return `${head}${why}\n${alignColumns(rows)}Likely: ${cost}\n`;
}

const WORK = { all: 'runs', rest: 'runs in part', none: 'is taken over' } as const;
