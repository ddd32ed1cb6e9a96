import { z } from 'zod';
import type { JobState } from '#core/job';

// What clients of the systems before this one send and get, in the words that those had.

const time = z.iso.datetime().describe('UTC, ISO 8601');
const maybe = (schema: z.ZodType<string>) => schema.nullable();

const overridesSchema = z.record(z.string(), z.unknown()).optional().describe('Parameters; `params` of POST /jobs');

const CLIP_NAMES = ['upload_id', 's3_uri', 's3_key'] as const;

export const predictSchema = z
  .strictObject({
    upload_id: z.string().min(1).max(200).optional().describe('The id that POST /uploads answered with'),
    s3_uri: z.string().min(1).max(4096).optional().describe('An object that the platform may read'),
    s3_key: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .describe('An object of the upload bucket; at home a file below an input root'),
    config_overrides: overridesSchema,
  })
  .refine((asked) => CLIP_NAMES.filter((name) => asked[name] !== undefined).length === 1, {
    error: `expected exactly one of ${CLIP_NAMES.join(', ')}`,
  })
  .meta({ id: 'PredictRequest', example: { s3_uri: 's3://footage/clip.mp4', config_overrides: {} } });

export const clipsSchema = z
  .union([
    z.strictObject({
      s3_uris: z.array(z.string().min(1).max(4096)).min(1).max(10_000),
      config_overrides: overridesSchema,
    }),
    z.array(z.string().min(1).max(4096)).min(1).max(10_000),
  ])
  .meta({ id: 'ClipBatchRequest', example: { s3_uris: ['s3://footage/a.mp4', 's3://footage/b.mp4'] } });

export const clipBatchSchema = z
  .object({ batch_id: z.string(), count: z.int(), links: z.object({ self: z.string() }) })
  .meta({ id: 'ClipBatch', example: { batch_id: 'batch-1f0c', count: 2, links: { self: 'batches/batch-1f0c' } } });

// An id is a name, and never a way to somewhere else.
export const videoIdSchema = z.string().regex(/^\w[\w.-]{0,127}$/, 'expected letters, digits, . _ or -');

export const videoRequestSchema = z
  .strictObject({ video_id: videoIdSchema, project: z.string().min(1).max(100).optional() })
  .meta({ id: 'VideoRequest', deprecated: true, description: 'The old way to ask for an annotated video' });

const OLD_STATUSES = ['pending', 'claimed', 'processing', 'completed', 'failed'] as const;

export type OldStatus = (typeof OLD_STATUSES)[number];

/** What the systems before this one called a job of this state. */
export const OLD_STATUS: Record<JobState, OldStatus> = {
  QUEUED: 'pending',
  STARTING: 'claimed',
  RUNNING: 'processing',
  CANCELING: 'processing',
  SUCCEEDED: 'completed',
  PARTIAL: 'completed',
  FAILED: 'failed',
  REJECTED: 'failed',
  TIMED_OUT: 'failed',
  CANCELED: 'failed',
  EXPIRED: 'failed',
};

export const predictionSchema = z
  .object({
    job_id: z.string(),
    status: z.enum(OLD_STATUSES),
    prediction: z.record(z.string(), z.unknown()).nullable().describe('Once the status is completed'),
    created_at: time,
    completed_at: maybe(time),
    error: maybe(z.string()),
  })
  .meta({
    id: 'Prediction',
    example: {
      job_id: 'clip-qc-0f3a9c2e71b84d56',
      status: 'completed',
      prediction: { artifact: true, confidence: 0.93, artifact_category: 'TEMPORAL_FLICKER' },
      created_at: '2026-11-21T09:30:00.000Z',
      completed_at: '2026-11-21T09:30:40.000Z',
      error: null,
    },
  });

export const oldJobSchema = z
  .object({
    id: z.string(),
    video_id: maybe(z.string()),
    status: z.enum(OLD_STATUSES),
    progress: z.number().min(0).max(100),
    status_message: z.string(),
    created_at: time,
    updated_at: time,
    started_at: maybe(time),
    completed_at: maybe(time),
    result: z
      .object({ annotated_video_url: maybe(z.string()), stats: z.record(z.string(), z.unknown()).nullable() })
      .nullable(),
    error: maybe(z.string()),
  })
  .meta({ id: 'OldJob' });

export const oldJobAnswerSchema = z.object({ job: oldJobSchema }).meta({ id: 'OldJobAnswer' });

export const oldJobsSchema = z.object({ jobs: z.array(oldJobSchema), count: z.int() }).meta({ id: 'OldJobs' });

export const workerSchema = z
  .object({ worker_running: z.boolean(), message: z.string() })
  .meta({ id: 'Worker', example: { worker_running: true, message: 'Waiting jobs are admitted.' } });
