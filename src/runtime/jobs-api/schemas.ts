import { z } from 'zod';
import { FAILURE_KINDS } from '#core/failure';
import { JOB_STATES, type JobState } from '#core/job';
import { manifestSchema } from '#core/manifest';
import { NOTICE_TYPES } from '#core/notices';
import { POOLS, PRIORITIES } from '#core/queue';
import { quoteSchema } from './quote-schema.ts';

/** What goes into the API and what comes out of it. The OpenAPI document is derived from these. */

const time = z.iso.datetime().describe('UTC, ISO 8601');
const inputSchema = z.object({ name: z.string(), uri: z.string() });

const tagsSchema = z.record(z.string().regex(/^[\w.:/@-]{1,64}$/), z.string().max(256));

const notifySchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .describe('Where events are posted to, signed'),
    events: z.array(z.enum(NOTICE_TYPES)).min(1).max(20).optional().describe('Only these; all if not given'),
  })
  .meta({ id: 'Notify' });

/** What every way of submitting takes, beside the input. */
export const orderShape = {
  workload: z.string().min(1).describe('A name from GET /workloads'),
  params: z.record(z.string(), z.unknown()).optional().describe('See the schema in GET /workloads/{name}'),
  team: z.string().optional().describe("Only the credential's own team is accepted"),
  project: z.string().min(1).max(100).optional(),
  priority: z.enum(PRIORITIES).optional().describe('`normal` if not given'),
  tags: tagsSchema.optional(),
  notify: notifySchema.optional(),
  reuse: z.boolean().optional().describe('False: do everything anew, whatever other jobs have done'),
};

export const chargeSchema = z
  .object({
    vcpuSeconds: z.number(),
    gpuSeconds: z.number(),
    gbSeconds: z.number(),
    transitions: z.number(),
    requests: z.number(),
    usd: z.number().describe('By the list prices of AWS on demand, also where nothing is paid'),
    prices: z.string().describe('The date of the price table'),
    steps: z.record(z.string(), z.number()).optional().describe('US dollars by step'),
    inputBytes: z.number().optional().describe('Of all inputs, where they could be looked at'),
  })
  .meta({ id: 'Charge' });

export const submissionSchema = z
  .strictObject({
    ...orderShape,
    input: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(1000)])
      .describe('Where the input lies: the uri that POST /uploads gave, or an object that the platform may read'),
  })
  .meta({ id: 'Submission', example: { workload: 'dataset', input: 's3://uploads/site.mp4', params: { every: 5 } } });

const JOB_EXAMPLE = {
  id: 'dataset-0f3a9c2e71b84d56',
  workload: 'dataset',
  workloadVersion: '1.0.0',
  team: 'survey',
  project: 'bridges',
  priority: 'normal',
  pool: 'cpu',
  status: 'RUNNING',
  input: [{ name: 'site.mp4', uri: 's3://uploads/site.mp4' }],
  params: { every: 5 },
  execution: 'dataset-0f3a9c2e71b84d56',
  progress: { step: 'ExtractFrames', percent: 75, done: 752, total: 1000 },
  degraded: [],
  createdAt: '2026-11-21T09:30:00.000Z',
  startedAt: '2026-11-21T09:30:04.000Z',
  links: { self: 'jobs/dataset-0f3a9c2e71b84d56' },
};

export const jobSchema = z
  .object({
    id: z.string(),
    workload: z.string(),
    workloadVersion: z.string(),
    team: z.string(),
    project: z.string(),
    priority: z.enum(PRIORITIES),
    pool: z.enum(POOLS).describe('The capacity that it waits for'),
    tags: z.record(z.string(), z.string()).optional(),
    batch: z.string().optional(),
    notify: notifySchema.optional(),
    status: z.enum(JOB_STATES),
    input: z.array(inputSchema),
    params: z.record(z.string(), z.unknown()),
    sizes: z.record(z.string(), z.object({ vcpu: z.number(), memoryMiB: z.number() })).optional(),
    reuse: z.boolean().optional().describe('False when it was to do everything itself'),
    clonedFrom: z.string().optional().describe('The job whose request this one repeats with changes'),
    reused: z
      .array(z.object({ step: z.string(), from: z.string() }))
      .optional()
      .describe('Steps that were not run because another job has done the same'),
    execution: z.string().optional(),
    progress: z
      .object({ step: z.string(), percent: z.number().min(0).max(100), done: z.number(), total: z.number() })
      .optional(),
    waiting: z
      .object({
        reason: z.string(),
        since: time,
        place: z.int().min(1).optional().describe('In the queue of its pool, counted up to 1001; only of one job'),
      })
      .optional()
      .describe('Why its turn has not come, or why its step has not begun'),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        step: z.string().optional(),
        retryable: z.boolean(),
        actor: z.string().describe('Who can do something about it'),
        explanation: z
          .object({
            kind: z.enum(FAILURE_KINDS),
            evidence: z.array(z.string()),
            retryHelps: z.boolean(),
            actor: z.string(),
            next: z.string().describe('The command to give next'),
          })
          .optional(),
      })
      .optional(),
    degraded: z.array(z.object({ step: z.string(), reason: z.string() })),
    charge: chargeSchema.optional().describe('What it took of what is paid for, once it has ended'),
    createdAt: time,
    queuedAt: time.optional().describe('Since when it waits or waited, where it was started again'),
    startedAt: time.optional(),
    endedAt: time.optional(),
    links: z.object({ self: z.string(), results: z.string().optional() }).describe("Relative to the API's address"),
  })
  .meta({ id: 'Job', example: JOB_EXAMPLE });

export const jobsSchema = z
  .object({
    jobs: z.array(jobSchema),
    next: z.string().optional().describe('The cursor of the next page'),
  })
  .meta({ id: 'JobPage' });

/** What clients of the systems before this one call the states of a job. */
const OLD_STATES = {
  pending: ['QUEUED'],
  claimed: ['STARTING'],
  processing: ['RUNNING', 'CANCELING'],
  completed: ['SUCCEEDED', 'PARTIAL'],
  failed: ['FAILED', 'REJECTED', 'TIMED_OUT', 'CANCELED'],
} as const satisfies Record<string, JobState[]>;

const STATE_NAMES = [...JOB_STATES, ...(Object.keys(OLD_STATES) as (keyof typeof OLD_STATES)[])] as const;

/** `RUNNING,failed` → the states that are meant. */
export const statusFilterSchema = z
  .string()
  .describe(`One or more, with commas between: ${STATE_NAMES.join(', ')}`)
  .transform((names) => names.split(','))
  .pipe(z.array(z.enum(STATE_NAMES, { error: `expected of ${STATE_NAMES.join(', ')}` })))
  .transform((names): JobState[] => [
    ...new Set(
      names.flatMap((name) => (name in OLD_STATES ? OLD_STATES[name as keyof typeof OLD_STATES] : [name as JobState])),
    ),
  ]);

export const eventsSchema = z
  .object({
    events: z.array(
      z.object({
        at: time,
        type: z.string(),
        execution: z.string().describe('Which start of the job it belongs to'),
        state: z.string().optional(),
        shard: z.int().optional(),
        attempt: z.int().optional(),
        error: z.string().optional(),
        cause: z.string().optional().describe('Cut where it is long'),
      }),
    ),
    next: z.string().optional().describe('The cursor of the next page'),
  })
  .meta({ id: 'EventPage' });

export const validationSchema = z
  .object({
    valid: z.literal(true),
    workload: z.string(),
    workloadVersion: z.string(),
    params: z.record(z.string(), z.unknown()).describe('With the defaults filled in'),
    plan: z.record(z.string(), z.enum(['cpu', 'gpu', 'reuse'])),
    quote: quoteSchema.describe('What it would take'),
  })
  .meta({ id: 'Validation' });

export const resultsSchema = z
  .object({
    manifest: manifestSchema.omit({ files: true }),
    files: z.array(
      z.object({
        path: z.string(),
        sha256: z.string(),
        bytes: z.int(),
        mediaType: z.string(),
        href: z.string().optional().describe('Fetches the file, for a short time'),
      }),
    ),
    documents: z
      .array(z.object({ path: z.string(), href: z.string().optional() }))
      .describe('What closes the result, on every page: its manifest, its receipt and its marker'),
    next: z.string().optional().describe('The cursor of the next page'),
  })
  .meta({ id: 'Results' });

/** RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    hint: z.string(),
    problems: z.array(z.string()).optional().describe('Everything that is wrong with the request'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

export type Problem = z.infer<typeof problemSchema>;
