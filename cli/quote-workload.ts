import { basename, resolve } from 'node:path';
import type { z } from 'zod';
import { openInputFile } from '#adapters/local/input-files';
import { planOf } from '#jobs/plan';
import { type Band, type Quote, quoteOf } from '#jobs/quote';
import { bytesOf } from '#jobs/quote-job';
import { dollars } from '#jobs/receipt-costs';
import { openRegistry } from '#jobs/registry';
import { checkRequest } from '#jobs/submit';
import { validationSchema } from '#runtime/jobs-api/schemas';
import { builtIn } from '#workloads/index';
import { type ApiOptions, openApi } from './api-options.ts';
import { alignColumns } from './describe-params.ts';
import { readParams } from './params.ts';
import { asUri } from './submit-job.ts';

export interface QuoteOptions extends ApiOptions {
  input: string[];
  param?: string[];
  params?: string;
  here?: boolean;
}

/** Tells what a job would take: as the API says, or with `here` from the workload alone. */
export async function quoteWorkload(workload: string, options: QuoteOptions, json: boolean): Promise<void> {
  const params = await readParams(options.param, options.params);
  const quoted = options.here
    ? await quoteHere(workload, options.input, params)
    : await quoteByApi(workload, options, params);
  if (json) process.stdout.write(`${JSON.stringify({ event: 'quote', workload, ...quoted })}\n`);
  else process.stdout.write(alignColumns(factsOf(quoted.quote)));
}

interface Quoted extends Pick<z.infer<typeof validationSchema>, 'params' | 'plan'> {
  quote: Quote & { wait?: { seconds?: number | undefined; reason: string } };
}

async function quoteByApi(workload: string, options: QuoteOptions, params: Record<string, unknown>): Promise<Quoted> {
  const uris = options.input.map(asUri);
  const body = { workload, input: uris.length === 1 ? uris[0] : uris, params };
  const api = await openApi(options);
  const answer = await api.ask('POST', 'jobs', validationSchema, { body, query: { validateOnly: 'true' } });
  return { params: answer.params, plan: answer.plan, quote: answer.quote };
}

/** No jobs are kept here to tell it from. */
async function quoteHere(name: string, files: string[], asked: Record<string, unknown>): Promise<Quoted> {
  const workload = await openRegistry(builtIn).get(name);
  const input = files.map((file) => ({ name: basename(file), uri: resolve(file) }));
  // What is not there is told now: nobody submits it later.
  for (const one of input) await (await openInputFile(one)).close();
  const params = checkRequest(workload, { workload: name, input, params: asked });
  const plan = planOf(workload);
  const inputBytes = await bytesOf(input, { openInput: openInputFile });
  return { params, plan, quote: quoteOf({ workload, plan, inputBytes, past: [] }) };
}

function factsOf({ seconds, usd, basis, prices, wait }: Quoted['quote']): string[][] {
  return [
    ['time', describe(seconds, duration)],
    ['cost on AWS', `${describe(usd, dollars)}, by the list prices of ${prices}`],
    ['basis', basis.how],
    ...(wait ? [['wait', `${wait.seconds === undefined ? '' : `${duration(wait.seconds)}: `}${wait.reason}`]] : []),
  ];
}

function describe({ low, likely, high }: Band, inWords: (value: number) => string): string {
  return `${inWords(likely)} (${inWords(low)} to ${inWords(high)})`;
}

/** `1 h 5 min`, `2 min 10 s`, `12 s`, `0.4 s`. */
function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}
