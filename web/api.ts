import type { Problem } from './api-types.ts';

const KEY = 'stepreel-key';

/** What the API refused, as it said it; or that nothing answered. */
export class ApiFailure extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  get needsKey(): boolean {
    return this.problem.status === 401 || this.problem.code === 'Forbidden';
  }
}

/** The API lies where the page does, below a stage on AWS. */
const API = new URL('.', location.href.split('#')[0]);

export function addressOf(path: string): string {
  return new URL(path, API).href;
}

/** A key is kept as long as the window is open, and is asked for only by a deployed API. */
export function keepKey(key: string): void {
  sessionStorage.setItem(KEY, key);
}

export function credentials(): Record<string, string> {
  const key = sessionStorage.getItem(KEY);
  return key === null ? {} : { 'x-api-key': key };
}

/** @throws ApiFailure */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return await ask<T>(path, { headers: credentials(), ...(signal ? { signal } : {}) });
}

/** @throws ApiFailure */
export async function send<T>(path: string, body: unknown = {}, idempotencyKey?: string): Promise<T> {
  const headers = {
    ...credentials(),
    'Content-Type': 'application/json',
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
  };
  return await ask<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(addressOf(path), init);
  } catch (thrown) {
    if ((thrown as Error).name === 'AbortError') throw thrown;
    throw new ApiFailure(unreachable());
  }
  const text = await answer.text();
  const body = /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
  if (answer.ok && body !== undefined) return body as T;
  throw new ApiFailure(body?.detail === undefined ? unclear(answer.status) : body);
}

function unreachable(): Problem {
  return made(0, 'Unreachable', 'The API does not answer.', 'See whether it runs; the page goes on by itself.');
}

function unclear(status: number): Problem {
  return made(status, 'Unclear', `The API answered with status ${status} and nothing to read.`, 'Try again later.');
}

function made(status: number, code: string, detail: string, hint: string): Problem {
  return { type: `urn:stepreel:problem:${code}`, title: code, status, code, detail, hint };
}

/**
 * Where to get a file of a result. At home it lies with the API, which has two names on this machine: the one that the page
 * was opened by is the one that its policy lets it ask.
 */
export function fileAddress(href: string): string {
  const url = new URL(href, API);
  const isHere = (host: string) => host === '127.0.0.1' || host === 'localhost';
  if (isHere(url.hostname) && isHere(location.hostname) && url.port === location.port) url.host = location.host;
  return url.href;
}

/** A text among the files of a result. @throws ApiFailure for one that is gone, or larger than a page should hold. */
export async function readFile(href: string, mostBytes = 40_000_000): Promise<Response> {
  const answer = await fetch(fileAddress(href)).catch(() => undefined);
  if (!answer?.ok) throw new ApiFailure(made(answer?.status ?? 0, 'NoFile', 'The file can’t be fetched.', RELOAD));
  const bytes = Number(answer.headers.get('content-length') ?? 0);
  if (bytes <= mostBytes) return answer;
  throw new ApiFailure(made(0, 'LargeFile', `The file has ${bytes} bytes: too many to show here.`, 'Download it.'));
}

const RELOAD = 'Links to files hold for a short time: load the page again.';
