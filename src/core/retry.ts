import { setTimeout as sleep } from 'node:timers/promises';
import { isRetryable } from './errors.ts';

export interface RetryOptions {
  attempts?: number;
  baseDelayMs?: number;
  maxDelayMs?: number;
  /** Which thrown values are worth another try. */
  retryIf?: (thrown: unknown) => boolean;
  signal?: AbortSignal;
  /** The waits, so that a test needs no time. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  random?: () => number;
}

/**
 * Calls `operation` until it succeeds, fails for good or has been tried `attempts` times. The waits grow
 * exponentially, with full jitter: uniform in [0, min(maxDelay, base * 2^n)], after "Exponential Backoff and Jitter"
 * (AWS Architecture Blog, 2015).
 * @throws what `operation` threw last, or the signal's reason.
 */
export async function retry<T>(
  operation: (attempt: number) => Promise<T>,
  {
    attempts = 4,
    baseDelayMs = 200,
    maxDelayMs = 5_000,
    retryIf = isRetryable,
    signal,
    wait = sleepMs,
    random = Math.random,
  }: RetryOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (thrown) {
      if (attempt >= attempts || !retryIf(thrown)) throw thrown;
      await wait(random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1)), signal);
    }
  }
}

function sleepMs(ms: number, signal?: AbortSignal): Promise<unknown> {
  return sleep(ms, undefined, signal ? { signal } : {});
}
