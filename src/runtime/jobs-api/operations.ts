import { z } from 'zod';
import {
  deadLettersSchema,
  healthSchema,
  jobSchema,
  resultsSchema,
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

const PAGE = 200;
const MAX_PAGE = 1000;

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
  readJob: {
    method: 'get',
    path: '/jobs/{id}',
    summary: 'State, progress, what it waits for, and why it failed',
    answers: { 200: jobSchema },
    problems: [404],
  },
  readResults: {
    method: 'get',
    path: '/jobs/{id}/results',
    summary: 'The manifest of a finished job, with a link for each file',
    query: { cursor: z.string().optional(), limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(PAGE) },
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
