import type { Context } from 'hono';
import { z } from 'zod';
import type { Leases } from '#core/leases';
import { POOLS, type Pool, PRIORITIES } from '#core/queue';
import { A_FEW, type AdmitPorts, admitJobs } from '#jobs/admit';
import { type QueuePorts, queueView } from '#jobs/queue-view';
import type { Answers, Caller, Operations } from '../operation.ts';
import { ApiProblem } from '../problems.ts';
import { bodyOf } from '../requests.ts';

const pool = z.enum(POOLS);
const count = z.int().min(0);

export const queueSchema = z
  .object({
    pools: z.array(
      z.object({
        pool,
        isPaused: z.boolean().describe('Nothing is admitted; what is under way goes on'),
        underWay: count,
        limit: count.describe('How many jobs may be under way at once'),
        waiting: count,
        oldestSeconds: count.optional().describe('How long the one has waited that waits longest'),
      }),
    ),
    lanes: z
      .array(z.object({ pool, priority: z.enum(PRIORITIES), team: z.string(), waiting: count, oldestSeconds: count }))
      .describe('In the order of turns. Operators see all teams, others their own'),
    teams: z.array(z.object({ team: z.string(), underWay: count, limit: count })),
  })
  .meta({ id: 'Queue' });

const scopeSchema = z
  .strictObject({ pool: pool.optional().describe('All pools if not given') })
  .meta({ id: 'QueueScope' });

export const QUEUE = {
  readQueue: {
    method: 'get',
    path: '/queue',
    summary: 'How many jobs wait and are under way, by pool, priority and team',
    answers: { 200: queueSchema },
    problems: [],
  },
  pauseQueue: {
    method: 'post',
    path: '/queue/pause',
    summary: 'Admit no more jobs to a pool, or to any; for operators',
    body: scopeSchema,
    answers: { 200: queueSchema },
    problems: [400, 403, 413],
  },
  resumeQueue: {
    method: 'post',
    path: '/queue/resume',
    summary: 'Admit jobs again; for operators',
    body: scopeSchema,
    answers: { 200: queueSchema },
    problems: [400, 403, 413],
  },
} satisfies Operations;

export interface QueueApiPorts extends AdmitPorts {
  leases: Leases;
}

export function queueAnswers(ports: QueueApiPorts): Answers<typeof QUEUE> {
  const { leases } = ports;
  return {
    async readQueue(context, caller) {
      return await answerQueue(context, caller, ports);
    },

    async pauseQueue(context, caller) {
      for (const one of await poolsOf(context, caller)) await leases.pause(one);
      return await answerQueue(context, caller, ports);
    },

    async resumeQueue(context, caller) {
      const pools = await poolsOf(context, caller);
      for (const one of pools) await leases.resume(one);
      for (const one of pools) await admitJobs(ports, { pool: one, most: A_FEW });
      return await answerQueue(context, caller, ports);
    },
  };
}

async function answerQueue(context: Context, { team, operator }: Caller, ports: QueuePorts): Promise<Response> {
  return context.json(await queueView(ports, operator ? undefined : team));
}

/** @throws ApiProblem for whoever is no operator. */
async function poolsOf(context: Context, { operator }: Caller): Promise<readonly Pool[]> {
  if (!operator) {
    throw new ApiProblem(
      403,
      'OperatorsOnly',
      'Pausing and resuming the queue concerns all teams, and the credential is no operator’s.',
      'Ask an operator; GET /queue shows your own team.',
    );
  }
  const { pool: one } = await bodyOf(context, scopeSchema);
  return one === undefined ? POOLS : [one];
}
