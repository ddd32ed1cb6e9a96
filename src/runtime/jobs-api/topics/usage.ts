import { z } from 'zod';
import { InputError } from '#core/errors';
import type { ArtifactStore, JobStore, WorkloadRegistry } from '#core/ports';
import { buildReceipt, PAID } from '#jobs/receipt';
import { workloadOf } from '#jobs/registry';
import { USAGE_GROUPS, usageOf } from '#jobs/usage';
import { allAttempts } from '#jobs/verdicts';
import type { Answers, Caller, Operations } from '../operation.ts';
import { queryOf, requireOwnTeam } from '../requests.ts';
import { chargeSchema, jobSchema } from '../schemas.ts';
import { requireJob } from '../team-jobs.ts';

const rowSchema = z
  .object({ name: z.string(), jobs: z.int(), ...chargeSchema.omit({ steps: true, inputBytes: true }).shape })
  .meta({ id: 'UsageRow' });

export const usageSchema = z
  .object({
    team: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    by: z.enum(USAGE_GROUPS),
    rows: z.array(rowSchema).describe('By name'),
    total: rowSchema,
    recordedSince: z.iso.datetime().describe('Jobs that were recorded before are not in it, whenever they ended'),
  })
  .meta({ id: 'Usage' });

const placeShape = { step: z.string(), shard: z.int().optional(), attempt: z.int() };

export const receiptSchema = z
  .object({
    receipt: z.literal(1),
    job: jobSchema
      .pick({ id: true, workload: true, workloadVersion: true, status: true })
      .extend({ createdAt: z.string(), startedAt: z.string().optional(), endedAt: z.string().optional() }),
    seconds: z.number().describe('From the start to the end; 0 while it runs'),
    steps: z.array(
      z.object({
        step: z.string(),
        parts: z.int(),
        attempts: z.int(),
        seconds: z.number(),
        cpuSeconds: z.number(),
        peakMemoryMiB: z.number(),
      }),
    ),
    attempts: z.array(
      z.object({
        ...placeShape,
        startedAt: z.string().optional(),
        seconds: z.number().optional(),
        cpuSeconds: z.number().optional(),
        peakMemoryMiB: z.number().optional(),
        ended: z.string(),
      }),
    ),
    reused: z.array(z.object({ step: z.string(), from: z.string() })),
    cost: z
      .object({ ...chargeSchema.shape, paid: z.enum(PAID) })
      .optional()
      .describe('There once the job has ended'),
  })
  .meta({ id: 'Receipt' });

const momentSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

export const USAGE = {
  readUsage: {
    method: 'get',
    path: '/usage',
    summary: 'What the jobs of a team took and what that costs by list prices, for jobs that ended between two times',
    query: {
      from: momentSchema.optional().describe('A day (UTC) or a time; the first of this month if not given'),
      to: momentSchema.optional().describe('Before this day or time; now if not given'),
      by: z.enum(USAGE_GROUPS).default('project'),
      team: z.string().min(1).optional().describe("The credential's own team, or for operators any"),
    },
    answers: { 200: usageSchema },
    problems: [400, 403],
  },
  readReceipt: {
    method: 'get',
    path: '/jobs/{id}/receipt',
    summary: 'What a job took so far, step by step and attempt by attempt, and once it has ended what that costs',
    answers: { 200: receiptSchema },
    problems: [404],
  },
} satisfies Operations;

export interface UsagePorts {
  jobs: JobStore;
  artifacts: ArtifactStore;
  registry: WorkloadRegistry;
  /** True where what it cost is really paid. */
  onAws?: boolean;
}

export function usageAnswers({ onAws = false, ...ports }: UsagePorts): Answers<typeof USAGE> {
  const { jobs, registry } = ports;
  return {
    async readUsage(context, caller) {
      const { from, to, by, team: named } = queryOf(context, USAGE.readUsage.query);
      const range = rangeOf(from, to, new Date());
      const query = { team: teamFor(named, caller), ...range, by };
      return context.json({ ...query, ...(await usageOf(query, jobs)) });
    },

    async readReceipt(context, caller) {
      const job = await requireJob(context, caller, jobs);
      const attempts = await allAttempts(job.id, await workloadOf(job, registry), ports);
      // The machine that answers is not the one that did the work.
      const { versions: _versions, host: _host, ...receipt } = buildReceipt({ job, attempts, versions: {}, onAws });
      return context.json(receipt);
    },
  };
}

function teamFor(named: string | undefined, { team, operator }: Caller): string {
  if (operator) return named ?? team;
  requireOwnTeam(named, team);
  return team;
}

function rangeOf(from: string | undefined, to: string | undefined, now: Date) {
  const start = from === undefined ? new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())) : new Date(from);
  const end = to === undefined ? now : new Date(to);
  if (start < end) return { from: start.toISOString(), to: end.toISOString() };
  throw new InputError(
    `There is no time between ${start.toISOString()} and ${end.toISOString()}: \`from\` must be before \`to\`.`,
  );
}
