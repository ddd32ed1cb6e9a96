import { ERROR_NAMES, fromErrorDocument, InputError, isRefusal, isRetryable } from '#core/errors';
import { type RefusalCode, RequestRefused } from '#jobs/refusal';
import type { Problem } from './schemas.ts';

/** A problem that the API itself finds, before any job is concerned. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: ApiCode;
  readonly hint: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: ApiCode, detail: string, hint: string, headers: Record<string, string> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.headers = headers;
  }
}

const REFUSAL_STATUS: Record<RefusalCode, number> = {
  KeyReused: 422,
  KeyInFlight: 409,
  QueueFull: 429,
  NoSuchJob: 404,
  NoSuchBatch: 404,
  NoSuchUpload: 404,
  NoParts: 409,
  UploadIncomplete: 409,
  NoResult: 409,
  NotReplayable: 409,
  NoLargerSize: 409,
  NotCancellable: 409,
  NotOffered: 501,
};

/** What the API finds itself, beside the refusals of jobs. docs/errors.md tells what to do about each. */
export const API_STATUS = {
  BadJson: 400,
  NoVideoIds: 400,
  Unauthorized: 401,
  OperatorsOnly: 403,
  OtherTeam: 403,
  ForeignPage: 403,
  NoSuchRoute: 404,
  NoSuchWorkload: 404,
  NoSuchFile: 404,
  NoSuchVideo: 404,
  NoSuchLink: 404,
  MethodNotAllowed: 405,
  LinkExpired: 410,
  BodyTooLarge: 413,
} as const satisfies Record<string, number>;

export type ApiCode = keyof typeof API_STATUS;

const RETRY_AFTER_SECONDS = '5';

/** Refusals that pass, and when to ask again. */
const REFUSAL_RETRY_SECONDS: Partial<Record<RefusalCode, string>> = { KeyInFlight: '5', QueueFull: '60' };

export interface Answer {
  problem: Problem;
  headers: Record<string, string>;
}

/** What the API answers with when `thrown` ended a request. What is not the asker's affair stays unsaid. */
export function problemOf(thrown: unknown): Answer {
  if (thrown instanceof ApiProblem) {
    const { status, code, message, hint, headers } = thrown;
    return { problem: problem(status, code, message, hint), headers };
  }
  if (thrown instanceof RequestRefused) {
    const { code, message, hint } = thrown;
    const retryAfter = REFUSAL_RETRY_SECONDS[code];
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
    return { problem: problem(REFUSAL_STATUS[code], code, message, hint), headers };
  }
  if (isRefusal(thrown)) {
    const problems = thrown.details.problems as string[] | undefined;
    const document = problem(400, thrown.name, thrown.message, 'Correct the request and send it again.');
    return { problem: { ...document, ...(problems ? { problems } : {}) }, headers: {} };
  }
  if (isRetryable(thrown)) {
    const hint = 'Send the same request again, with the same Idempotency-Key.';
    const document = problem(503, (thrown as Error).name, 'Something that the API needs does not answer now.', hint);
    return { problem: document, headers: { 'Retry-After': RETRY_AFTER_SECONDS } };
  }
  const hint = 'Try again later, and tell the operator the time of the request if it stays so.';
  return { problem: problem(500, 'Internal', 'The request ran into a fault of the platform.', hint), headers: {} };
}

/** Every code that a problem document can have, with its status. */
export function problemCodes(): { code: string; status: number }[] {
  const named = Object.entries({ ...REFUSAL_STATUS, ...API_STATUS }).map(([code, status]) => ({ code, status }));
  const errors = ERROR_NAMES.map((name) => problemOf(fromErrorDocument({ name, message: '' })).problem);
  const statuses = new Map([...errors, ...named].map(({ code, status }) => [code, status]));
  return Array.from(statuses, ([code, status]) => ({ code, status })).sort((a, b) => a.status - b.status);
}

function problem(status: number, code: string, detail: string, hint: string): Problem {
  return { type: `urn:stepreel:problem:${code}`, title: titleOf(code), status, detail, code, hint };
}

/** `KeyReused` → "Key reused". */
export function titleOf(code: string): string {
  const words = code
    .replace(/Error$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return `${words[0]!.toUpperCase()}${words.slice(1)}`;
}

/** @throws InputError that lists what a schema found wrong with a part of a request. */
export function refuseRequest(issues: { path: PropertyKey[]; message: string }[]): never {
  const problems = issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  throw new InputError(
    `The request is not what this operation takes:\n${problems.map((one) => `- ${one}`).join('\n')}`,
    {
      details: { problems },
    },
  );
}
