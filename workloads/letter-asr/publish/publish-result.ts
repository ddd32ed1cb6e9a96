import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { ToolError, TransientError } from '#core/errors';
import type { ActivityResults } from '../result/activity-results.ts';
import type { GraphqlConfig } from './graphql-config.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

export interface PublishOptions {
  endpoint: string;
  config: GraphqlConfig;
  apiKey: string;
  /** Is sent along, so that the other side's logs can be found by it. */
  correlationId: string;
  signal: AbortSignal;
}

/**
 * Sends one activity's result as `updateActivity`. An answer with errors in it is a failure, whatever its status.
 * @throws TransientError when every try failed in a way that passes, ToolError when the result was refused.
 */
export async function publishResult(results: ActivityResults, options: PublishOptions): Promise<void> {
  const { endpoint, config, signal } = options;
  const variables = { activityId: results.activity_id, fieldValues: JSON.stringify(fieldValues(results)) };
  const body = JSON.stringify({ query: config.mutation, variables });
  for (let attempt = 1; ; attempt += 1) {
    const failure = await once(body, options);
    signal.throwIfAborted();
    if (failure === undefined) return;
    const details = { endpoint, activity: results.activity_id, status: failure.status ?? null };
    if (!failure.passes) {
      throw new ToolError(
        `The endpoint ${endpoint} did not take the result of ${results.activity_id}: ${failure.reason}. Correct its list of endpoints or its schema.`,
        { details },
      );
    }
    if (attempt >= config.tries) {
      throw new TransientError(
        `The endpoint ${endpoint} did not take the result of ${results.activity_id}, tried ${attempt} times: ${failure.reason}.`,
        { details },
      );
    }
    // Full jitter, so that many results do not come back at the same moment.
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
    await wait(Math.random() * longest, undefined, { signal });
  }
}

/** The four fields of a result. A phrase that failed is null at its index: it is not known to be wrong. */
export function fieldValues({ phrases, error_count, total_alignments, alignment_accuracy }: ActivityResults) {
  const last = Math.max(-1, ...phrases.map(({ phrase_index }) => phrase_index));
  const errors: (boolean[] | null)[] = new Array(last + 1).fill(null);
  for (const phrase of phrases) if (phrase.status === 'scored') errors[phrase.phrase_index] = phrase.errors;
  return { errors, error_count, total_alignments, alignment_accuracy };
}

interface Failure {
  /** Undefined when there was no answer. */
  status: number | undefined;
  reason: string;
  passes: boolean;
}

const answerSchema = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.looseObject({ message: z.string(), errorType: z.string().nullish() })).nullish(),
});

async function once(
  body: string,
  { config, apiKey, correlationId, signal }: PublishOptions,
): Promise<Failure | undefined> {
  const limit = AbortSignal.timeout(config.timeoutSeconds * 1000);
  try {
    const response = await fetch(config.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey, 'x-correlation-id': correlationId },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, limit]),
    });
    const text = await response.text();
    if (response.ok) return failureIn(text, response.status);
    const passes = response.status >= 500 || response.status === 429 || response.status === 408;
    return { status: response.status, reason: `it answered ${response.status}`, passes };
  } catch (thrown) {
    const reason = limit.aborted ? `no answer within ${config.timeoutSeconds} s` : causeOf(thrown);
    return { status: undefined, reason, passes: true };
  }
}

/** GraphQL says 200 and then what went wrong. */
function failureIn(text: string, status: number): Failure | undefined {
  const answer = answerSchema.safeParse(parseJson(text));
  if (!answer.success) return { status, reason: 'its answer is not GraphQL', passes: false };
  const { data, errors } = answer.data;
  const [error] = errors ?? [];
  if (error) {
    const passes = /thrott|timeout|unavailable|internal/i.test(`${error.errorType ?? ''}`);
    return { status, reason: `it answered ${JSON.stringify(error.message)}`, passes };
  }
  // Null without an error means that nothing was written.
  const written = Object.values((data ?? {}) as Record<string, unknown>).some((value) => value !== null);
  return written ? undefined : { status, reason: 'it answered without data', passes: false };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch hides what went wrong in the cause. */
function causeOf(thrown: unknown): string {
  const { message, cause } = thrown as Error;
  return cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || message : message;
}
