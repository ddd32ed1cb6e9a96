import { z } from 'zod';
import { InputError } from '#core/errors';
import { problemSchema } from '#runtime/jobs-api/schemas';
import { ApiRefusal } from './api-refusal.ts';

export interface ApiQuestion {
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
}

type Method = 'GET' | 'POST' | 'DELETE';

export interface ApiClient {
  /** Asks, and checks the answer. @throws ApiRefusal for a problem document, or when no API answers. */
  ask<T>(method: Method, path: string, schema: z.ZodType<T>, question?: ApiQuestion): Promise<T>;
  /** An answer that is read as it comes, or one without a body. @throws ApiRefusal for anything else than a stream. */
  openStream(path: string, options: { headers: Record<string, string>; signal: AbortSignal }): Promise<Response>;
  /** What lies behind a link that the API gave. @throws ApiRefusal when it can't be fetched. */
  fetchFile(href: string): Promise<Response>;
}

const STREAM_TYPE = 'text/event-stream';

// An answer that takes longer will not come.
const TIMEOUT_MS = 60_000;

/** The jobs API at an address, with the key that the environment names if it names one. */
export function openApiClient(address: string, key = process.env.STEPREEL_API_KEY): ApiClient {
  const base = baseOf(address);
  const credential: Record<string, string> = key ? { 'x-api-key': key } : {};

  return {
    async ask(method, path, schema, { query = {}, body, headers = {} } = {}) {
      const url = new URL(path, base);
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) url.searchParams.set(name, `${value}`);
      }
      const json: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
      const init: RequestInit = {
        method,
        headers: { Accept: 'application/json', ...json, ...credential, ...headers },
        // A redirect would take the key along to wherever it leads.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      const { response, text } = await reach(base, async () => {
        const response = await fetch(url, init);
        return { response, text: await response.text() };
      });
      if (!response.ok) throw refusalOf(response, text, base);
      return answerOf(text, schema, base);
    },

    async openStream(path, { headers, signal }) {
      const url = new URL(path, base);
      const init: RequestInit = {
        headers: { Accept: STREAM_TYPE, ...credential, ...headers },
        redirect: 'manual',
        signal,
      };
      const response = await reach(base, () => fetch(url, init));
      if (!response.ok) throw refusalOf(response, await response.text(), base);
      if (response.status === 204 || response.headers.get('content-type')?.startsWith(STREAM_TYPE)) return response;
      await response.body?.cancel();
      throw new ApiRefusal('NoStream', `${url.href} answers with no stream.`, {
        status: 501,
        hint: 'Ask for the job.',
      });
    },

    async fetchFile(href) {
      const url = new URL(href, base);
      // The link itself is the permission: the key stays here.
      const response = await reach(base, () => fetch(url));
      if (response.ok) return response;
      const detail = `${url.origin}${url.pathname} can't be fetched: ${response.status} ${response.statusText}.`;
      throw new ApiRefusal('NoFile', detail, {
        status: response.status,
        hint: 'Links hold for a short time only: ask for the results again.',
      });
    },
  };
}

/** The address with a closing slash, so that paths are taken below it and not beside it. */
function baseOf(address: string): URL {
  const isHttp = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  if (isHttp) return new URL(address.endsWith('/') ? address : `${address}/`);
  throw new InputError(
    `${JSON.stringify(address)} is not the address of an API. Give one like http://127.0.0.1:5002 with --api or STEPREEL_API.`,
  );
}

async function reach<T>(base: URL, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    const { cause = thrown } = thrown as Error;
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = typeof code === 'string' ? code : message;
    throw new ApiRefusal('Unreachable', `No API answers at ${base.href} (${why}).`, {
      hint: 'Start one here with `stepreel dev`, or name its address with --api or STEPREEL_API.',
    });
  }
}

function refusalOf({ status, statusText, headers }: Response, text: string, base: URL): ApiRefusal {
  const problem = problemSchema.safeParse(parseJson(text)).data;
  const after = headers.get('retry-after');
  const wait = after === null ? '' : ` It may be asked again in ${after} seconds.`;
  if (problem) {
    const { code, detail, hint, problems } = problem;
    return new ApiRefusal(code, detail, { status, hint: `${hint}${wait}`, ...(problems ? { problems } : {}) });
  }
  // What stands before an API answers without a problem document.
  const isCredential = status === 401 || status === 403;
  const hint = isCredential
    ? 'Put an API key of your team into STEPREEL_API_KEY.'
    : `Look whether the address is that of an API, and try again.${wait}`;
  return new ApiRefusal(`Http${status}`, `${base.href} answered ${status} ${statusText}.`, { status, hint });
}

function answerOf<T>(text: string, schema: z.ZodType<T>, base: URL): T {
  const answer = schema.safeParse(text === '' ? null : parseJson(text));
  if (answer.success) return answer.data;
  const [issue] = answer.error.issues;
  throw new ApiRefusal(
    'NotThisApi',
    `${base.href} answered something else than the jobs API does: ${issue?.path.join('.')} ${issue?.message}`,
    { hint: 'Look whether the address is that of the API, and whether its version is that of this program.' },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For an answer without a body. */
export const noBody = z.null();
