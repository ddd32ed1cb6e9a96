import { StepreelError, TransientError } from '#core/errors';

/** What the SDK's errors have in common, as far as it is read. */
interface ServiceError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number; attempts?: number };
}

/**
 * Waits for a call of a service. What passes (throttling, a server's trouble, a lost connection) and outlasted the SDK's
 * own tries is thrown as TransientError; anything else as it is.
 */
export async function answerOf<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    throw passes(thrown) ? asTransient(thrown as ServiceError) : thrown;
  }
}

/** The HTTP status of a service's answer, if there was one. */
export function statusOf(thrown: unknown): number | undefined {
  return (thrown as ServiceError).$metadata?.httpStatusCode;
}

/** How often the SDK sent the request that failed. */
export function attemptsOf(thrown: unknown): number {
  return (thrown as ServiceError).$metadata?.attempts ?? 1;
}

export function isNamed(thrown: unknown, ...names: string[]): boolean {
  return thrown instanceof Error && names.includes(thrown.name);
}

function asTransient(cause: ServiceError): TransientError {
  const { name, message } = cause;
  return new TransientError(
    `A service of AWS did not do what was asked (${name}: ${message}). The same call may succeed later.`,
    { cause },
  );
}

// Names and codes that the SDK itself retries, beside any status of 500 and above.
const PASSING = [
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'TimeoutError',
  'NetworkingError',
  'RequestTimeout',
  'RequestTimeoutException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'ExecutionLimitExceeded',
  'TransactionInProgressException',
];

function passes(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || thrown instanceof StepreelError) return false;
  const { name, message, code } = thrown as ServiceError;
  const status = statusOf(thrown);
  if (status !== undefined && (status >= 500 || status === 429)) return true;
  // A body that ends early has no code of its own: Node only says "aborted".
  return PASSING.includes(name) || PASSING.includes(code ?? '') || message === 'aborted';
}
