import type { Context } from 'hono';
import { z } from 'zod';
import type { Uploads } from '#core/ports';
import type { Records } from '#core/records';
import { RequestRefused } from '#jobs/refusal';
import type { SubmitPorts } from '#jobs/submit';
import { UPLOAD, type Upload } from '#jobs/upload';
import { completeUpload } from '#jobs/upload-complete';
import { partBytesOf, requestUpload, type UploadWay } from '#jobs/upload-request';
import { type Answers, type Caller, limitSchema, type Operations } from '../operation.ts';
import { bodyOf, queryOf, type ReceiverCheck, requireOwnTeam, requireReceiver } from '../requests.ts';
import { jobSchema, orderShape } from '../schemas.ts';
import { jobView } from '../views.ts';

// S3 takes at most this in one POST.
const MAX_POST_BYTES = 5 * 1024 ** 3;
// An hour of anything that a camera records.
const MAX_BYTES = 1024 ** 4;
// Who asks to have it checked waits for the whole file to be read, within the time that an answer has.
const MAX_CHECKED_BYTES = 1024 ** 3;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits, in lower case');

const uploadRequestSchema = z
  .strictObject({
    name: z.string().min(1).max(255),
    mediaType: z.string().regex(/^(video|audio|image|application|text)\/[\w.+-]+$/),
    bytes: z.int().positive().max(MAX_BYTES).optional().describe('Its size, if known; parts need it'),
    maxBytes: z
      .int()
      .positive()
      .max(MAX_POST_BYTES)
      .default(MAX_POST_BYTES)
      .describe('The most that is taken of a file of unknown size'),
    sha256: sha256Schema.optional().describe('The file is compared with it'),
    multipart: z.boolean().optional().describe('In parts; a file above 100 MiB is, if nothing is said'),
    start: z.strictObject(orderShape).optional().describe('The job that starts with the file, once it is complete'),
  })
  .refine(({ bytes = 0, multipart }) => multipart !== false || bytes <= MAX_POST_BYTES, {
    error: `multipart: a file above ${MAX_POST_BYTES} bytes has to be sent in parts`,
  })
  .refine(({ bytes = 0, sha256 }) => sha256 === undefined || bytes <= MAX_CHECKED_BYTES, {
    error: `sha256: a file above ${MAX_CHECKED_BYTES} bytes can't be checked as a whole; give the ETags of its parts on completion`,
  })
  .meta({ id: 'UploadOrder', example: { name: 'site.mp4', mediaType: 'video/mp4', bytes: 73400320 } });

const uploadFacts = {
  id: z.string(),
  uri: z.string().describe('Where the file lies once it is complete; `upload:<id>` names it too'),
  name: z.string(),
  mediaType: z.string(),
  status: z.enum(['OPEN', 'COMPLETE']),
  bytes: z.int().optional(),
  sha256: z.string().optional(),
  parts: z
    .object({ bytes: z.int().describe('Of each but the last'), count: z.int() })
    .optional()
    .describe('How the file is to be sent, where that is in parts'),
  jobId: z.string().optional(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().describe('Until then it can be sent'),
  completedAt: z.iso.datetime().optional(),
  links: z.object({ self: z.string(), complete: z.string(), parts: z.string().optional() }),
};

export const uploadSchema = z.object(uploadFacts).meta({ id: 'Upload' });

export const uploadWaySchema = z
  .object({
    ...uploadFacts,
    url: z.string().optional().describe('To be posted to as multipart/form-data, the file last'),
    fields: z.record(z.string(), z.string()).optional().describe('Of the form, before the file'),
  })
  .meta({ id: 'UploadWay' });

export const completedUploadSchema = z
  .object({ ...uploadFacts, job: jobSchema.optional().describe('What the completion has started') })
  .meta({ id: 'CompletedUpload' });

export const partsSchema = z
  .object({
    parts: z.array(
      z.object({
        number: z.int(),
        bytes: z.int(),
        url: z.string().describe('To be put to, for an hour'),
        etag: z.string().optional().describe('Of the part, where it has come already'),
      }),
    ),
    next: z.string().optional().describe('The cursor of the next page'),
  })
  .meta({ id: 'PartPage' });

const completionSchema = z
  .strictObject({
    sha256: sha256Schema.optional(),
    parts: z
      .array(z.strictObject({ number: z.int().min(1).max(10_000), etag: z.string().min(1).max(200) }))
      .max(10_000)
      .optional()
      .describe('What each part was answered with'),
  })
  .meta({ id: 'UploadCompletion' });

export const UPLOADS = {
  requestUpload: {
    method: 'post',
    path: '/uploads',
    summary: 'A form to post one file with, of a limited size; for a large file a plan of parts',
    body: uploadRequestSchema,
    answers: { 201: uploadWaySchema },
    problems: [400, 403, 413, 501],
  },
  readUpload: {
    method: 'get',
    path: '/uploads/{id}',
    summary: 'Whether a file has come, and where it lies',
    answers: { 200: uploadSchema },
    problems: [404],
  },
  readParts: {
    method: 'get',
    path: '/uploads/{id}/parts',
    summary: 'Where the parts of a large file are to be put, and which have come',
    query: {
      cursor: z
        .string()
        .regex(/^\d{1,5}$/, 'expected the `next` of the page before')
        .default('1'),
      limit: limitSchema(100, 1000),
    },
    answers: { 200: partsSchema },
    problems: [400, 404, 409, 501],
  },
  completeUpload: {
    method: 'post',
    path: '/uploads/{id}/complete',
    summary: 'Say that all was sent; it is checked, is an input from then on, and the job asked for starts',
    body: completionSchema,
    answers: { 200: completedUploadSchema },
    problems: [400, 404, 409, 413, 422, 429, 501],
  },
  deleteUpload: {
    method: 'delete',
    path: '/uploads/{id}',
    summary: 'Take a file back, whether it has come whole or not',
    answers: { 204: null },
    problems: [404, 501],
  },
} satisfies Operations;

export interface UploadApiPorts extends SubmitPorts {
  records: Records;
  uploads?: Uploads;
  refuseReceiver?: ReceiverCheck;
}

export function uploadAnswers(ports: UploadApiPorts): Answers<typeof UPLOADS> {
  const { records } = ports;
  return {
    async requestUpload(context, { team }) {
      const { start, ...order } = await bodyOf(context, uploadRequestSchema);
      requireOwnTeam(start?.team, team);
      requireReceiver(start?.notify, ports.refuseReceiver);
      const { team: _team, ...startOrder } = start ?? { workload: '' };
      const asked = { ...order, team, ...(start ? { start: startOrder } : {}) };
      const way = await requestUpload(asked, { ...ports, uploads: requireUploads(ports) });
      return context.json(wayView(way), 201, { Location: uploadView(way.upload).links.self });
    },

    async readUpload(context, caller) {
      return context.json(uploadView(await requireUpload(context, caller, records)));
    },

    async readParts(context, caller) {
      const { cursor, limit } = queryOf(context, UPLOADS.readParts.query);
      const upload = await requireUpload(context, caller, records);
      return context.json(await partsView(upload, { first: Number(cursor), limit }, requireUploads(ports)));
    },

    async completeUpload(context, caller) {
      const claim = await bodyOf(context, completionSchema);
      const found = await requireUpload(context, caller, records);
      const { upload, job } = await completeUpload(found, claim, { ...ports, uploads: requireUploads(ports) });
      return context.json({ ...uploadView(upload), ...(job ? { job: jobView(job) } : {}) });
    },

    async deleteUpload(context, caller) {
      const { id, uri, parts, completedAt } = await requireUpload(context, caller, records);
      const session = completedAt === undefined ? parts?.session : undefined;
      await requireUploads(ports).remove({ uri, ...(session === undefined ? {} : { session }) });
      await records.remove(UPLOAD, id);
      return context.body(null, 204);
    },
  };
}

function requireUploads({ uploads }: UploadApiPorts): Uploads {
  if (uploads) return uploads;
  throw new RequestRefused('NotOffered', 'This API signs no uploads.', 'Name a file that it can read as the input.');
}

async function requireUpload(context: Context, { team }: Caller, records: Records): Promise<Upload> {
  const id = context.req.param('id')!;
  const record = await records.get<Upload>(UPLOAD, id);
  if (record?.team === team) return record.value;
  const hint = 'Look at the id that POST /uploads answered with; what is not completed within a day is gone.';
  throw new RequestRefused('NoSuchUpload', `There is no upload ${id}.`, hint);
}

function uploadView(upload: Upload): z.infer<typeof uploadSchema> {
  const { team: _team, start: _start, maxBytes: _most, parts, ...facts } = upload;
  const self = `uploads/${upload.id}`;
  return {
    ...facts,
    status: upload.completedAt === undefined ? 'OPEN' : 'COMPLETE',
    ...(parts ? { parts: { bytes: parts.partBytes, count: parts.count } } : {}),
    links: { self, complete: `${self}/complete`, ...(parts ? { parts: `${self}/parts` } : {}) },
  };
}

function wayView({ upload, form }: UploadWay): z.infer<typeof uploadWaySchema> {
  return { ...uploadView(upload), ...form };
}

async function partsView(
  upload: Upload,
  { first, limit }: { first: number; limit: number },
  uploads: Uploads,
): Promise<z.infer<typeof partsSchema>> {
  const { id, uri, parts } = upload;
  if (!parts || upload.completedAt !== undefined) {
    const why = parts ? 'is complete' : 'is sent by a form, and not in parts';
    throw new RequestRefused('NoParts', `Upload ${id} ${why}.`, 'GET /uploads/{id} tells how it stands.');
  }
  const sending = { id, uri, session: parts.session };
  const sent = new Map((await uploads.listParts(sending)).map((part) => [part.number, part]));
  const numbers = Array.from({ length: parts.count }, (_, index) => index + 1).filter((number) => number >= first);
  const rows = numbers.slice(0, limit).map(async (number) => {
    const bytes = partBytesOf(upload, number);
    const there = sent.get(number);
    const url = await uploads.signPart(sending, { number, bytes });
    return { number, bytes, url, ...(there?.bytes === bytes ? { etag: there.etag } : {}) };
  });
  const next = numbers[limit];
  return { parts: await Promise.all(rows), ...(next === undefined ? {} : { next: `${next}` }) };
}
