import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { InputError } from '#core/errors';
import { isSettled } from '#core/job';
import { batchesSchema, batchSchema, refusalsSchema } from '#runtime/jobs-api/topics/batches';
import type { ApiClient } from './api-client.ts';
import { type ApiOptions, openApi } from './api-options.ts';
import { apiPages } from './api-pages.ts';
import { alignColumns } from './describe-params.ts';
import { endAsJob } from './job-end.ts';
import { readParams } from './params.ts';
import { asUri } from './submit-job.ts';
import { sendFile } from './upload-files.ts';

export interface BatchOptions extends ApiOptions {
  input?: string[];
  prefix?: string;
  manifest?: string;
  param?: string[];
  params?: string;
  project?: string;
  priority?: string;
  name?: string;
  key?: string;
  wait?: boolean;
}

type RemoteBatch = z.infer<typeof batchSchema>;

const POLL_MS = 1000;
// Who wants to read more of them asks with --json.
const SHOWN_REFUSALS = 20;

/** Hands a batch in, tells its id on stdout, and with `wait` ends as the batch ends. */
export async function submitBatch(workload: string, options: BatchOptions, json: boolean): Promise<void> {
  const { param, project, priority, name, key, wait } = options;
  const params = await readParams(param, options.params);
  const api = await openApi(options);
  const body = {
    workload,
    ...(await sourceOf(options, api)),
    params,
    ...(project ? { project } : {}),
    ...(priority ? { priority } : {}),
    ...(name ? { name } : {}),
  };
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
  const batch = await api.ask('POST', 'batches', batchSchema, { body, headers });
  if (json) printBatch(batch, json);
  else process.stdout.write(`${batch.id}\n`);
  if (wait) await watchBatch(api, batch.id, json);
}

async function sourceOf({ input, prefix, manifest }: BatchOptions, api: ApiClient): Promise<object> {
  const given = [input, prefix, manifest].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new InputError('A batch has one source. Name the inputs with --input, or a --prefix, or a --manifest.');
  }
  if (input) return { items: input.map(asUri) };
  if (prefix !== undefined) return { prefix: asPrefix(prefix) };
  const isHere = existsSync(manifest!);
  return { manifest: isHere ? `upload:${(await sendFile(api, manifest!)).id}` : manifest };
}

/** A folder means what lies in it, and not what begins like it. */
function asPrefix(prefix: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(prefix) && !existsSync(prefix)) return prefix;
  return existsSync(prefix) || prefix.endsWith('/') ? `${resolve(prefix)}/` : resolve(prefix);
}

/** How a batch stands; with `wait`, until it has ended. */
export async function showBatch(api: ApiClient, id: string, { wait }: { wait?: boolean }, json: boolean) {
  if (wait) return await watchBatch(api, id, json);
  const batch = await readBatch(api, id);
  printBatch(batch, json);
  if (batch.refused > 0) await printRefusals(api, id, json);
}

export async function listBatches(api: ApiClient, limit: number, json: boolean): Promise<void> {
  let left = limit;
  for await (const { batches } of apiPages(api, 'batches', batchesSchema, { limit: Math.min(limit, 100) })) {
    for (const batch of batches.slice(0, left)) {
      const { id, status, createdAt, total, name = '' } = batch;
      if (json) printBatch(batch, json);
      else process.stdout.write(`${id}  ${status.padEnd(9)}  ${createdAt}  ${total} items  ${name}\n`);
    }
    left -= batches.length;
    if (left <= 0) return;
  }
}

export async function cancelBatch(api: ApiClient, id: string, json: boolean): Promise<void> {
  printBatch(await api.ask('POST', `${batchPath(id)}/cancel`, batchSchema), json);
}

/** Shows how a batch goes until it has ended, and ends the command as the batch ended. */
async function watchBatch(api: ApiClient, id: string, json: boolean): Promise<void> {
  let last = '';
  for (;;) {
    const batch = await readBatch(api, id);
    const line = json ? JSON.stringify({ event: 'batch', ...batch }) : describe(batch);
    if (line !== last) (json ? process.stdout : process.stderr).write(`${line}\n`);
    last = line;
    if (isSettled(batch.status)) {
      if (batch.refused > 0) await printRefusals(api, id, json);
      return endAsJob({ status: batch.status, error: errorOf(batch) });
    }
    await sleep(POLL_MS);
  }
}

function errorOf({ id, status, counts, refused, total }: RemoteBatch) {
  if (status === 'SUCCEEDED' || status === 'PARTIAL') return undefined;
  const good = (counts.SUCCEEDED ?? 0) + (counts.PARTIAL ?? 0);
  const message = `${total - good} of the ${total} items of batch ${id} have no result${refused > 0 ? `; ${refused} were refused` : ''}.`;
  const next = status === 'FAILED' || status === 'TIMED_OUT' ? 'stepreel dlq list' : `stepreel batch status ${id}`;
  return { name: status === 'REJECTED' ? 'InputError' : 'TransientError', message, next };
}

async function readBatch(api: ApiClient, id: string): Promise<RemoteBatch> {
  return await api.ask('GET', batchPath(id), batchSchema);
}

function batchPath(id: string): string {
  return `batches/${encodeURIComponent(id)}`;
}

async function printRefusals(api: ApiClient, id: string, json: boolean): Promise<void> {
  const query = { limit: json ? 1000 : SHOWN_REFUSALS };
  for await (const page of apiPages(api, `${batchPath(id)}/refusals`, refusalsSchema, query)) {
    for (const refusal of page.refusals) {
      const { item, key, input, message } = refusal;
      const text = `item ${key ?? item} (${input.join(', ')}): ${message}\n`;
      if (json) process.stdout.write(`${JSON.stringify({ event: 'refusal', batch: id, ...refusal })}\n`);
      else process.stderr.write(text);
    }
    if (json) continue;
    if (page.next) process.stderr.write('… and more; with --json all are listed.\n');
    return;
  }
}

function printBatch(batch: RemoteBatch, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify({ event: 'batch', ...batch })}\n` : alignColumns(factsOf(batch)));
}

function factsOf(batch: RemoteBatch): [string, string][] {
  const { id, name, status, workload, total, left, refused, skipped, createdAt } = batch;
  const facts: [string, string | undefined][] = [
    ['batch', id],
    ['name', name],
    ['status', status],
    ['workload', workload],
    ['items', `${total}`],
    ['members', countsText(batch)],
    ['refused', refused > 0 ? `${refused}` : undefined],
    ['not looked at yet', left > 0 ? `${left}` : undefined],
    ['files passed by', skipped > 0 ? `${skipped}` : undefined],
    ['created', createdAt],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

function describe(batch: RemoteBatch): string {
  const { id, status, total, refused } = batch;
  return `${id}: ${status}, ${countsText(batch)} of ${total}${refused > 0 ? `, ${refused} refused` : ''}`;
}

function countsText({ counts }: RemoteBatch): string {
  const texts = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  return texts.length > 0 ? texts.join(', ') : 'none yet';
}
