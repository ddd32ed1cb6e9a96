import { TransientError } from '#core/errors';

export interface BreakerRule {
  /** So many failures one after another open it. */
  failures: number;
  /** How long it stays open before one call may try. */
  restSeconds: number;
}

/**
 * Keeps calls from something that is gone (Nygard 2007, "Release It!", chapter 5.2): after some failures in a row calls
 * fail at once, and after a rest a single one finds out whether it is back.
 */
export interface CircuitBreaker {
  /** @throws TransientError at once while it is open, else what `work` throws. */
  call<T>(work: () => Promise<T>): Promise<T>;
  state(): 'closed' | 'open' | 'half-open';
}

/** `counts` says which failures are the other side's; `now` is in milliseconds. */
export function createBreaker(
  name: string,
  { failures, restSeconds }: BreakerRule,
  {
    counts = (thrown: unknown) => thrown instanceof TransientError,
    now = Date.now,
  }: { counts?: (thrown: unknown) => boolean; now?: () => number } = {},
): CircuitBreaker {
  let inARow = 0;
  let openSince: number | undefined;
  let isTrying = false;

  const restEnds = () => (openSince ?? 0) + restSeconds * 1000;
  const state = () => (openSince === undefined ? 'closed' : now() < restEnds() ? 'open' : 'half-open');

  return {
    state,
    async call(work) {
      if (state() === 'open' || (state() === 'half-open' && isTrying)) throw stillOpen(name, restEnds() - now());
      const isTrial = state() === 'half-open';
      if (isTrial) isTrying = true;
      try {
        const result = await work();
        inARow = 0;
        openSince = undefined;
        return result;
      } catch (thrown) {
        if (!counts(thrown)) throw thrown;
        inARow += 1;
        if (isTrial || inARow >= failures) openSince = now();
        throw thrown;
      } finally {
        if (isTrial) isTrying = false;
      }
    },
  };
}

function stillOpen(name: string, restMs: number): TransientError {
  const seconds = Math.max(0, Math.ceil(restMs / 1000));
  return new TransientError(
    `The endpoint ${name} has failed too often; it is left alone for another ${seconds} s. Try again then.`,
    { details: { endpoint: name, restSeconds: seconds } },
  );
}
