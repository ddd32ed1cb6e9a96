import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { isSettled } from '#core/job';
import { logsSchema } from '#runtime/jobs-api/topics/logs';
import { type ApiOptions, openApi } from './api-options.ts';
import { jobPath, readJob } from './remote-job.ts';

export interface LogsOptions extends ApiOptions {
  step?: string;
  lines: number;
  follow?: boolean;
}

type LogLine = z.infer<typeof logsSchema>['lines'][number];

// On AWS a line takes seconds to be found.
const FOLLOW_MS = 1000;
const LATE_LOOKS = 2;
const MOST_LINES = 1000;

/** Prints the last lines that a job's steps wrote and, if wanted, those that come until it has ended. */
export async function showLogs(id: string, options: LogsOptions, json: boolean): Promise<void> {
  const { step, lines: limit, follow = false } = options;
  const api = await openApi(options);
  const look = async (after: string | undefined, most: number) => {
    const page = await api.ask('GET', jobPath(id, 'logs'), logsSchema, { query: { step, after, limit: most } });
    for (const line of page.lines) process.stdout.write(json ? `${jsonLine(line)}\n` : `${describeLine(line)}\n`);
    return page;
  };
  let { next } = await look(undefined, limit);
  if (!follow) return;
  // What was written just before the end is read after it.
  for (let looksLeft = LATE_LOOKS; looksLeft > 0; ) {
    if (isSettled((await readJob(api, id)).status)) looksLeft -= 1;
    const page = await look(next, MOST_LINES);
    next = page.next;
    if (page.lines.length < MOST_LINES) await sleep(looksLeft > 0 ? FOLLOW_MS : 0);
    else looksLeft = LATE_LOOKS;
  }
}

function jsonLine(line: LogLine): string {
  return JSON.stringify({ event: 'log', ...line });
}

function describeLine({ at, level, message, step, shard, fields }: LogLine): string {
  const place = shard === undefined ? step : `${step}-${shard}`;
  const more = Object.entries(fields ?? {}).map(([name, value]) => `${name}=${plain(value)}`);
  return [at, level.padEnd(5), place, message, ...more].join('  ');
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
