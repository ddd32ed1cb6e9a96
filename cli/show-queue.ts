import type { z } from 'zod';
import { queueSchema } from '#runtime/jobs-api/topics/queue';
import type { ApiClient } from './api-client.ts';

type Queue = z.infer<typeof queueSchema>;

/** What waits and what is under way, by pool, priority and team. */
export async function showQueue(api: ApiClient, json: boolean): Promise<void> {
  printQueue(await api.ask('GET', 'queue', queueSchema), json);
}

/** Pauses or resumes one pool, or all, and shows the queue as it is then. */
export async function switchQueue(
  api: ApiClient,
  verb: 'pause' | 'resume',
  pool: string | undefined,
  json: boolean,
): Promise<void> {
  printQueue(await api.ask('POST', `queue/${verb}`, queueSchema, { body: pool === undefined ? {} : { pool } }), json);
}

function printQueue(queue: Queue, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify({ event: 'queue', ...queue })}\n` : describeQueue(queue));
}

/** A line for each pool, each team, and each kind of job that waits. */
export function describeQueue({ pools, lanes, teams }: Queue): string {
  const lines = [
    ...pools.map(({ pool, underWay, limit, waiting, oldestSeconds, isPaused }) => {
      const age = oldestSeconds === undefined ? '' : `, the oldest for ${ageOf(oldestSeconds)}`;
      return `${pool}  ${underWay} of ${limit} under way, ${waiting} waiting${age}${isPaused ? '  PAUSED' : ''}`;
    }),
    ...teams.map(({ team, underWay, limit }) => `team ${team}  ${underWay} of ${limit} under way`),
    ...lanes.map(({ pool, priority, team, waiting, oldestSeconds }) => {
      return `waiting  ${pool}  ${priority}  ${team}  ${waiting}, the oldest for ${ageOf(oldestSeconds)}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function ageOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
