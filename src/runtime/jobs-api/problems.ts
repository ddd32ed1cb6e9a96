import { InputError, isRefusal, isRetryable } from '#core/errors';
import { type RefusalCode, RequestRefused } from '#jobs/refusal';
import type { Problem } from './schemas.ts';

/** A problem that the API itself finds, before any job is concerned. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, detail: string, hint: string, headers: Record<string, string> = {}) {
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
  NoSuchJob: 404,
  NoResult: 409,
  NotReplayable: 409,
  NotCancellable: 409,
  NotOffered: 501,
};

const RETRY_AFTER_SECONDS = '5';

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
    const headers: Record<string, string> = code === 'KeyInFlight' ? { 'Retry-After': RETRY_AFTER_SECONDS } : {};
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

function problem(status: number, code: string, detail: string, hint: string): Problem {
  return { type: `urn:stepreel:problem:${code}`, title: titleOf(code), status, detail, code, hint };
}

/** `KeyReused` → "Key reused". */
function titleOf(code: string): string {
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
