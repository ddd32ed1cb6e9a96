import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { ModelError, ToolError, TransientError } from '#core/errors';
import { retry } from '#core/retry';
import type { CallEndpoint, EndpointAnswer, EndpointRequest } from './call-endpoint.ts';
import type { SpeechEndpoint } from './speech-config.ts';

// A minute of speech is 400 kB of logits for 33 tokens; a vocabulary of words is a hundred times that.
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Calls an endpoint with one limit for the connection and one for the whole call, which `fetch` does not tell apart.
 * @throws TransientError when every try failed in a way that passes: no connection, no answer in time, 429, 5xx.
 * @throws ToolError when it is not there or does not let us in, ModelError when it does not take what we send.
 */
export function speechCaller(endpoint: SpeechEndpoint, variables: NodeJS.ProcessEnv = process.env): CallEndpoint {
  const token = tokenHeader(endpoint, variables);
  return (request) =>
    retry(() => callOnce({ ...request, headers: { ...request.headers, ...token } }, endpoint), {
      attempts: endpoint.retries + 1,
      ...(request.signal ? { signal: request.signal } : {}),
    });
}

async function callOnce(request: EndpointRequest, endpoint: SpeechEndpoint): Promise<EndpointAnswer> {
  const limit = AbortSignal.timeout(endpoint.callSeconds * 1000);
  const { signal } = request;
  try {
    const answer = await exchange(request, endpoint, signal ? AbortSignal.any([signal, limit]) : limit);
    const status = answer.statusCode ?? 0;
    if (status === 200) return { headers: headersOf(answer), bytes: await readBounded(answer, endpoint) };
    answer.destroy();
    throw refusal(endpoint, status);
  } catch (thrown) {
    signal?.throwIfAborted();
    if (thrown instanceof ToolError || thrown instanceof ModelError || thrown instanceof TransientError) throw thrown;
    const why = limit.aborted ? `no answer within ${endpoint.callSeconds} s` : (thrown as Error).message;
    throw gone(endpoint, why || String((thrown as NodeJS.ErrnoException).code), thrown);
  }
}

function exchange(
  { url, method, headers, body }: EndpointRequest,
  { connectSeconds }: SpeechEndpoint,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isHttps = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    // Redirects are not followed: a token and a child's voice go to the address that was given and nowhere else.
    const sent = (isHttps ? requestHttps : requestHttp)(url, { method, headers, signal }, resolve);
    sent.on('error', reject);
    sent.on('socket', (socket) => {
      if (!socket.connecting) return;
      const slow = setTimeout(() => {
        sent.destroy(new Error(`no connection within ${connectSeconds} s`));
      }, connectSeconds * 1000);
      socket.once(isHttps ? 'secureConnect' : 'connect', () => clearTimeout(slow));
      socket.once('close', () => clearTimeout(slow));
    });
    sent.end(body);
  });
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  return new Headers(
    Object.entries(headersDistinct).flatMap(([name, values]) => (values ?? []).map((v): [string, string] => [name, v])),
  );
}

async function readBounded(answer: IncomingMessage, { name }: SpeechEndpoint): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) {
      throw new ModelError(`The endpoint ${name} answers with more than ${MOST_BYTES} bytes. Send shorter batches.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refusal(endpoint: SpeechEndpoint, status: number): Error {
  const details = { endpoint: endpoint.name, status };
  if (status === 429 || status >= 500) return gone(endpoint, `it answered ${status}`);
  if (status === 400 || status === 413 || status === 422) {
    return new ModelError(
      `The endpoint ${endpoint.name} does not take these samples: it answered ${status}. Compare model.json with the model that it serves.`,
      { details },
    );
  }
  const remedy = status === 401 || status === 403 ? 'Give it a token that lets us in.' : 'Correct its address.';
  return new ToolError(`The endpoint ${endpoint.name} can't be used: it answered ${status}. ${remedy}`, { details });
}

function gone({ name }: SpeechEndpoint, why: string, cause?: unknown): TransientError {
  return new TransientError(`The endpoint ${name} did not answer: ${why}.`, { details: { endpoint: name }, cause });
}

function tokenHeader({ name, tokenFrom }: SpeechEndpoint, variables: NodeJS.ProcessEnv): Record<string, string> {
  if (tokenFrom === undefined) return {};
  const token = variables[tokenFrom];
  if (token) return { authorization: `Bearer ${token}` };
  throw new ToolError(`The endpoint ${name} wants a token from ${tokenFrom}, which is not set. Set it.`);
}
