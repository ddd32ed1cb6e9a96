import type { Context } from 'hono';
import { z } from 'zod';
import { JOB_STATES } from '#core/job';
import type { ArtifactStore, InputListing, JobStore, WorkloadRegistry } from '#core/ports';
import { PRIORITIES } from '#core/queue';
import type { Records } from '#core/records';
import { BATCH, BATCH_STATES, type Batch, batchState, itemsLeft } from '#jobs/batch';
import { cancelBatch } from '#jobs/batch-cancel';
import { batchItemSchema } from '#jobs/batch-item';
import { refusalsOf } from '#jobs/batch-refusals';
import { submitBatch } from '#jobs/batch-submit';
import { RequestRefused } from '#jobs/refusal';
import { type Answers, type Caller, cursorSchema, limitSchema, MAX_PAGE, type Operations } from '../operation.ts';
import {
  bodyOf,
  headersOf,
  type InputRule,
  queryOf,
  type ReceiverCheck,
  requireOwnTeam,
  requireReceiver,
} from '../requests.ts';
import { orderShape } from '../schemas.ts';
import { idempotencyKeySchema } from './jobs.ts';

// As many addresses as a person would put into one request; more are for a manifest.
const MAX_BODY_BYTES = 5_000_000;

const SOURCES = ['items', 'prefix', 'manifest'] as const;

const batchRequestSchema = z
  .strictObject({
    ...orderShape,
    name: z.string().min(1).max(200).optional().describe('For people'),
    items: z
      .array(batchItemSchema)
      .optional()
      .describe('An address, or an input with parameters and a key, for each job'),
    prefix: z.string().min(1).max(4096).optional().describe('All files below it that the workload takes'),
    manifest: z.string().min(1).max(4096).optional().describe('Where a .jsonl or .csv file lies that lists the items'),
  })
  .refine((order) => SOURCES.filter((name) => order[name] !== undefined).length === 1, {
    error: `expected exactly one of ${SOURCES.join(', ')}`,
  })
  .meta({ id: 'BatchOrder', example: { workload: 'dataset', prefix: 's3://footage/monday/', params: { every: 5 } } });

export const batchSchema = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    workload: z.string(),
    team: z.string(),
    project: z.string(),
    priority: z.enum(PRIORITIES),
    tags: z.record(z.string(), z.string()).optional(),
    params: z.record(z.string(), z.unknown()).describe('Of every member, unless its item says otherwise'),
    status: z.enum(BATCH_STATES).describe('The worst state of its members, once all of them have ended'),
    total: z.int().describe('Items'),
    submitted: z.int().describe('Items that are jobs by now'),
    refused: z.int().describe('Items that can become none: GET /batches/{id}/refusals says why'),
    left: z.int().describe('Items that nobody has looked at yet'),
    skipped: z.int().describe('Files below the prefix that the workload does not take'),
    counts: z.partialRecord(z.enum(JOB_STATES), z.int()).describe('Members by state'),
    createdAt: z.iso.datetime(),
    links: z.object({ self: z.string(), jobs: z.string(), refusals: z.string().optional() }),
  })
  .meta({ id: 'Batch' });

export const batchesSchema = z
  .object({ batches: z.array(batchSchema), next: z.string().optional().describe('The cursor of the next page') })
  .meta({ id: 'BatchPage' });

export const refusalsSchema = z
  .object({
    refusals: z.array(
      z.object({
        item: z.int().describe('Its number in the batch, from 0'),
        key: z.string().optional(),
        input: z.array(z.string()).describe('The first of its inputs'),
        code: z.string(),
        message: z.string(),
      }),
    ),
    next: z.string().optional().describe('The cursor of the next page'),
  })
  .meta({ id: 'RefusalPage' });

export const BATCHES = {
  submitBatch: {
    method: 'post',
    path: '/batches',
    summary: 'Submit many jobs of one workload: a list, all files below a prefix, or a manifest',
    body: batchRequestSchema,
    maxBodyBytes: MAX_BODY_BYTES,
    headers: { 'Idempotency-Key': idempotencyKeySchema.optional() },
    answers: { 200: batchSchema, 202: batchSchema },
    problems: [400, 403, 413, 422, 501],
  },
  listBatches: {
    method: 'get',
    path: '/batches',
    summary: "The team's batches, newest first",
    query: { cursor: cursorSchema, limit: limitSchema(20, 100) },
    answers: { 200: batchesSchema },
    problems: [400],
  },
  readBatch: {
    method: 'get',
    path: '/batches/{id}',
    summary: 'How far a batch is: members by state, and how many items were refused',
    answers: { 200: batchSchema },
    problems: [404],
  },
  readRefusals: {
    method: 'get',
    path: '/batches/{id}/refusals',
    summary: 'The items of a batch that did not become jobs, and why',
    query: {
      cursor: z
        .string()
        .regex(/^\d{1,9}$/, 'expected the `next` of the page before')
        .default('0'),
      limit: limitSchema(200, MAX_PAGE),
    },
    answers: { 200: refusalsSchema },
    problems: [400, 404],
  },
  cancelBatch: {
    method: 'post',
    path: '/batches/{id}/cancel',
    summary: 'Make no more members, and cancel those that have not ended',
    answers: { 202: batchSchema },
    problems: [404, 409, 501],
  },
} satisfies Operations;

export interface BatchApiPorts {
  registry: WorkloadRegistry;
  jobs: JobStore;
  artifacts: ArtifactStore;
  records: Records;
  /** Without these there are no batches here. */
  listing?: InputListing;
  wakeBatch?: (id: string) => Promise<void>;
  mostItems?: number;
  refuseInput?: InputRule;
  refusePrefix?: InputRule;
  refuseReceiver?: ReceiverCheck;
}

// Whoever works on a batch tells of it every few seconds. After this long nobody does, and somebody is asked to.
const ASLEEP_MS = 10 * 60_000;

export function batchAnswers(ports: BatchApiPorts): Answers<typeof BATCHES> {
  const { jobs, records, artifacts } = ports;
  const viewOf = async (batch: Batch) => batchView(batch, await jobs.countsOf(batch.id));
  return {
    async submitBatch(context, { team }) {
      const { 'Idempotency-Key': key } = headersOf(context, BATCHES.submitBatch.headers);
      const { team: named, items, prefix, manifest, ...order } = await bodyOf(context, batchRequestSchema);
      requireOwnTeam(named, team);
      requireReceiver(order.notify, ports.refuseReceiver);
      const source = { items, prefix, manifest };
      const { batch, isNew } = await submitBatch({ ...order, source, team, key }, { ...ports, ...requireWork(ports) });
      const view = await viewOf(batch);
      return context.json(view, isNew ? 202 : 200, { Location: view.links.self });
    },

    async listBatches(context, { team }) {
      const page = await records.list<Batch>(BATCH, { team, ...queryOf(context, BATCHES.listBatches.query) });
      const batches = await Promise.all(page.records.map(({ value }) => viewOf(value)));
      return context.json({ batches, ...(page.next === undefined ? {} : { next: page.next }) });
    },

    async readBatch(context, caller) {
      const batch = await requireBatch(context, caller, records);
      const isAsleep = Date.now() - Date.parse(batch.updatedAt) > ASLEEP_MS;
      if (itemsLeft(batch) > 0 && !batch.isCanceled && isAsleep) await ports.wakeBatch?.(batch.id);
      return context.json(await viewOf(batch));
    },

    async readRefusals(context, caller) {
      const { cursor, limit } = queryOf(context, BATCHES.readRefusals.query);
      const batch = await requireBatch(context, caller, records);
      // One more tells whether there is a next page.
      const found = await refusalsOf(batch, { from: Number(cursor), limit: limit + 1 }, artifacts);
      const next = found[limit];
      return context.json({ refusals: found.slice(0, limit), ...(next ? { next: `${next.item}` } : {}) });
    },

    async cancelBatch(context, caller) {
      const batch = await requireBatch(context, caller, records);
      return context.json(await viewOf(await cancelBatch(batch, { ...ports, ...requireWork(ports) })), 202);
    },
  };
}

function requireWork({ listing, wakeBatch }: BatchApiPorts) {
  if (listing && wakeBatch) return { listing, wakeBatch };
  throw new RequestRefused('NotOffered', 'This API takes no batches.', 'Submit the jobs one by one.');
}

async function requireBatch(context: Context, { team }: Caller, records: Records): Promise<Batch> {
  const id = context.req.param('id')!;
  const record = await records.get<Batch>(BATCH, id);
  if (record?.team === team) return record.value;
  throw new RequestRefused(
    'NoSuchBatch',
    `There is no batch ${id}.`,
    'Look at the id that POST /batches answered with.',
  );
}

function batchView(batch: Batch, counts: Awaited<ReturnType<JobStore['countsOf']>>): z.infer<typeof batchSchema> {
  const { requestDigest: _digest, items: _items, offset: _offset, isCanceled: _mark, updatedAt: _at, ...facts } = batch;
  const { notify: _notify, reuse: _reuse, ...told } = facts;
  const self = `batches/${batch.id}`;
  return {
    ...told,
    status: batchState(batch, counts),
    left: itemsLeft(batch),
    counts,
    links: { self, jobs: `jobs?batch=${batch.id}`, ...(batch.refused > 0 ? { refusals: `${self}/refusals` } : {}) },
  };
}
