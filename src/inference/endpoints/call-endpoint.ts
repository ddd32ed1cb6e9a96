import { setTimeout as wait } from 'node:timers/promises';
import { ToolError, TransientError } from '#core/errors';
import type { EndpointConfig } from './endpoint-config.ts';

export interface EndpointRequest {
  url: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer> | string;
  signal?: AbortSignal | undefined;
}

export interface EndpointAnswer {
  headers: Headers;
  bytes: Uint8Array;
}

/** An endpoint refused this one picture: another one may do better. */
export class PictureRefused extends Error {}

/** Calls an endpoint of this name under the limits of its configuration. */
export type CallEndpoint = (request: EndpointRequest) => Promise<EndpointAnswer>;

/** The headers of a request that is let in, its own among them; asked for again at each try. */
export type Authorize = (request: EndpointRequest) => Promise<Record<string, string>>;

// Detections of one picture are kilobytes; raw outputs of a model some megabytes.
const MOST_BYTES = 64 * 2 ** 20;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;

/**
 * @throws TransientError when every try failed in a way that passes: no connection, no answer in time, 429, 5xx.
 * @throws ToolError when the endpoint is not there or does not let us in; PictureRefused for any other 4xx.
 */
export function endpointCaller(
  name: string,
  config: Pick<EndpointConfig, 'timeoutSeconds' | 'retries'>,
  authorize: Authorize,
): CallEndpoint {
  return async (request) => {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await once(request, authorize, config.timeoutSeconds);
      request.signal?.throwIfAborted();
      if ('bytes' in answer) return answer;
      if (answer.status !== undefined && answer.status < 500 && answer.status !== 429) throw refusal(name, answer);
      if (attempt >= config.retries) {
        throw new TransientError(`The endpoint ${name} did not answer, tried ${attempt + 1} times: ${answer.reason}.`, {
          details: { endpoint: name, status: answer.status ?? null },
        });
      }
      // Full jitter, so that many tasks do not come back at the same moment.
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
      await wait(Math.max(answer.waitMs ?? 0, Math.random() * longest), undefined, { signal: request.signal });
    }
  };
}

/** Lets requests in by the bearer token that a variable holds. @throws ToolError when it holds none. */
export function authorizeByToken(
  name: string,
  tokenFrom: string | undefined,
  variables: NodeJS.ProcessEnv = process.env,
): Authorize {
  if (tokenFrom === undefined) return async ({ headers = {} }) => headers;
  const token = variables[tokenFrom];
  if (token) return async ({ headers }) => ({ ...headers, authorization: `Bearer ${token}` });
  throw new ToolError(`The endpoint ${name} wants a token from ${tokenFrom}, which is not set. Set it.`);
}

interface Failure {
  /** Undefined when there was no answer. */
  status: number | undefined;
  reason: string;
  waitMs?: number;
}

async function once(
  request: EndpointRequest,
  authorize: Authorize,
  timeoutSeconds: number,
): Promise<EndpointAnswer | Failure> {
  const { url, method, body, signal } = request;
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    const response = await fetch(url, {
      ...{ method, headers: await authorize(request), redirect: 'error' },
      ...(body === undefined ? {} : { body }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    if (response.ok) return { headers: response.headers, bytes: await readBounded(response) };
    await response.body?.cancel();
    const seconds = Number(response.headers.get('retry-after'));
    const waits = seconds > 0 ? { waitMs: Math.min(LONGEST_WAIT_MS, seconds * 1000) } : {};
    return { status: response.status, reason: `it answered ${response.status}`, ...waits };
  } catch (thrown) {
    const reason = limit.aborted ? `no answer within ${timeoutSeconds} s` : causeOf(thrown);
    return { status: undefined, reason };
  }
}

async function readBounded({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new Error(`its answer is longer than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refusal(name: string, { status, reason }: Failure): Error {
  if (status !== 401 && status !== 403 && status !== 404) return new PictureRefused(reason);
  const remedy =
    status === 404
      ? 'Correct its address.'
      : 'Give it a token that lets us in, with `tokenFrom`; on SageMaker, a role that may invoke it.';
  return new ToolError(`The endpoint ${name} can't be used: ${reason}. ${remedy}`, {
    details: { endpoint: name, status },
  });
}

/** fetch hides what went wrong in the cause. */
function causeOf(thrown: unknown): string {
  const { message, cause } = thrown as Error;
  return cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || message : message;
}
