import type { Job } from './job.ts';
import type { Workload } from './workload.ts';

export interface LogLine {
  /** UTC ISO-8601. */
  at: string;
  level: string;
  message: string;
  step: string;
  shard?: number;
  /** What else the line says. */
  fields?: Record<string, unknown>;
}

export interface LogQuery {
  job: Pick<Job, 'id' | 'workload' | 'createdAt'>;
  /** Of which the lines are. */
  steps: Workload['steps'];
  /** The `next` of an answer before: only lines after it. Without one, the last lines there are. */
  after?: string | undefined;
  limit: number;
}

export interface LogTail {
  /** Oldest first. */
  lines: LogLine[];
  /** Where later lines begin. */
  next: string;
}

/** What the steps of jobs wrote while they ran. */
export interface Logs {
  /** @throws InputError for an `after` that no answer gave. */
  tail(query: LogQuery): Promise<LogTail>;
}

/**
 * The line that a program wrote: one of ours is JSON, any other is its own message. It is at `at` when it says nothing of
 * its time. @returns undefined for a line of metrics, which is for a machine.
 */
export function logLineOf(text: string, place: { at: string; step: string; shard?: number }): LogLine | undefined {
  const {
    _aws: metrics,
    message,
    level,
    timestamp,
    phase,
    shard,
    service,
    env,
    correlationId,
    jobId,
    ...fields
  } = jsonIn(text);
  if (metrics !== undefined) return undefined;
  if (typeof message !== 'string') return { ...place, level: 'INFO', message: withoutSecrets(text) };
  const isTime = typeof timestamp === 'string' && !Number.isNaN(Date.parse(timestamp));
  return {
    ...place,
    at: isTime ? new Date(timestamp).toISOString() : place.at,
    level: typeof level === 'string' ? level : 'INFO',
    message: withoutSecrets(message),
    ...(typeof phase === 'string' && phase !== '' ? { step: phase } : {}),
    ...(typeof shard === 'number' ? { shard } : {}),
    ...(Object.keys(fields).length > 0 ? { fields: JSON.parse(withoutSecrets(JSON.stringify(fields))) } : {}),
  };
}

function jsonIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/**
 * A text without what opens something to whoever reads it. We log no signed links and no keys; a tool that a step runs may
 * print the address that it was given.
 */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"'\\]+/gi, '$1…')
    .replaceAll(/\bwhsec_[\w+/=]+/g, 'whsec_…')
    .replaceAll(/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '…');
}
