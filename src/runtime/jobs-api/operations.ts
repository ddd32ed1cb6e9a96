import { z } from 'zod';
import {
  deadLettersSchema,
  eventsSchema,
  healthSchema,
  jobSchema,
  jobsSchema,
  resultsSchema,
  statusFilterSchema,
  submissionSchema,
  uploadRequestSchema,
  uploadSchema,
  validationSchema,
  workloadSchema,
  workloadSummarySchema,
} from './schemas.ts';

export interface Operation {
  method: 'get' | 'post' | 'delete';
  /** As OpenAPI writes it: `/jobs/{id}`. */
  path: string;
  summary: string;
  body?: z.ZodType;
  query?: Record<string, z.ZodType>;
  headers?: Record<string, z.ZodType>;
  /** By status; null for an answer without a body. */
  answers: Record<number, z.ZodType | null>;
  /** Statuses that come with a problem document, beside those that every operation may answer with. */
  problems: number[];
  /** True for what anybody may ask who can reach the API. */
  open?: boolean;
}

export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'expected 1 to 255 printable ASCII characters without spaces');

const MAX_PAGE = 1000;
const limitSchema = (usual: number, most: number) => z.coerce.number().int().min(1).max(most).default(usual);
const cursorSchema = z.string().optional().describe('The `next` of the page before');

/** Every operation of the API, once: the router and the OpenAPI document both read it. */
export const OPERATIONS = {
  submitJob: {
    method: 'post',
    path: '/jobs',
    summary: 'Submit a job, or with validateOnly learn whether it would be accepted',
    body: submissionSchema,
    query: { validateOnly: z.enum(['true', 'false']).optional() },
    headers: { 'Idempotency-Key': idempotencyKeySchema.optional() },
    answers: { 200: z.union([jobSchema, validationSchema]), 202: jobSchema },
    problems: [400, 403, 409, 413, 422],
  },
  listJobs: {
    method: 'get',
    path: '/jobs',
    summary: "The team's jobs, newest first",
    query: {
      status: statusFilterSchema.optional(),
      workload: z.string().min(1).optional(),
      team: z.string().optional().describe("Only the credential's own team is accepted"),
      project: z.string().min(1).optional(),
      since: z.iso.datetime({ offset: true }).optional().describe('Recorded then or later'),
      cursor: cursorSchema,
      limit: limitSchema(50, 200),
    },
    answers: { 200: jobsSchema },
    problems: [400, 403],
  },
  readJob: {
    method: 'get',
    path: '/jobs/{id}',
    summary: 'State, progress, what it waits for, and why it failed',
    answers: { 200: jobSchema },
    problems: [404],
  },
  readEvents: {
    method: 'get',
    path: '/jobs/{id}/events',
    summary: 'What happened to a job, in order: states, attempts, retries, errors',
    query: {
      cursor: z
        .string()
        .regex(/^\d{1,9}$/, 'expected the `next` of the page before')
        .default('0'),
      limit: limitSchema(200, MAX_PAGE),
    },
    answers: { 200: eventsSchema },
    problems: [400, 404],
  },
  cancelJob: {
    method: 'post',
    path: '/jobs/{id}/cancel',
    summary: 'Stop a job; 202 while its work is being ended, 200 when it is CANCELED',
    answers: { 200: jobSchema, 202: jobSchema },
    problems: [404, 409],
  },
  redriveJob: {
    method: 'post',
    path: '/jobs/{id}/redrive',
    summary: 'Start a failed or timed-out job over; steps that are done are not run again',
    answers: { 202: jobSchema },
    problems: [404, 409],
  },
  readResults: {
    method: 'get',
    path: '/jobs/{id}/results',
    summary: 'The manifest of a finished job, with a link for each file',
    query: { cursor: cursorSchema, limit: limitSchema(200, MAX_PAGE) },
    answers: { 200: resultsSchema },
    problems: [400, 404, 409],
  },
  requestUpload: {
    method: 'post',
    path: '/uploads',
    summary: 'A form to post one file with, of a limited size',
    body: uploadRequestSchema,
    answers: { 201: uploadSchema },
    problems: [400, 413, 501],
  },
  listDeadLetters: {
    method: 'get',
    path: '/dead-letters',
    summary: "The team's jobs that failed or timed out and were not replayed or dropped",
    answers: { 200: deadLettersSchema },
    problems: [],
  },
  replayDeadLetter: {
    method: 'post',
    path: '/dead-letters/{id}/replay',
    summary: 'Start a failed job over; steps that are done are not run again',
    answers: { 202: jobSchema },
    problems: [404, 409],
  },
  dropDeadLetter: {
    method: 'delete',
    path: '/dead-letters/{id}',
    summary: 'Take a letter out without starting its job again',
    answers: { 204: null },
    problems: [404],
  },
  listWorkloads: {
    method: 'get',
    path: '/workloads',
    summary: 'What jobs can be',
    answers: { 200: z.object({ workloads: z.array(workloadSummarySchema) }) },
    problems: [],
  },
  readWorkload: {
    method: 'get',
    path: '/workloads/{name}',
    summary: 'What a workload takes: JSON Schema of its parameters, its inputs and steps',
    answers: { 200: workloadSchema },
    problems: [404],
  },
  readHealth: {
    method: 'get',
    path: '/health',
    summary: 'Whether what the API depends on answers',
    answers: { 200: healthSchema, 503: healthSchema },
    problems: [],
    open: true,
  },
  readOpenApi: {
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    answers: { 200: z.record(z.string(), z.unknown()) },
    problems: [],
    open: true,
  },
} satisfies Record<string, Operation>;

export type OperationId = keyof typeof OPERATIONS;
