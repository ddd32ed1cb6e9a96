import type { Retrier } from './definition.ts';
import { errorMatches, type StateError } from './state-error.ts';

/**
 * Counts the retries of one state and says how long to wait before the next one. Defaults and formula are those of the
 * `Retry` field (docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html): the first retrier that
 * matches decides, each counts for itself, and FULL jitter draws from [0, interval].
 */
export class Backoff {
  readonly #retriers: readonly Retrier[];
  readonly #stateType: string;
  readonly #random: () => number;
  readonly #used: number[];

  constructor(retriers: readonly Retrier[], stateType: string, random: () => number) {
    this.#retriers = retriers;
    this.#stateType = stateType;
    this.#random = random;
    this.#used = retriers.map(() => 0);
  }

  /** Milliseconds to wait before another attempt, or undefined when there shall be none. */
  next(error: StateError): number | undefined {
    const index = this.#retriers.findIndex(({ ErrorEquals }) => errorMatches(ErrorEquals, error, this.#stateType));
    const retrier = this.#retriers[index];
    const used = this.#used[index] ?? 0;
    if (!retrier || used >= (retrier.MaxAttempts ?? 3)) return undefined;
    this.#used[index] = used + 1;
    const interval = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** used;
    const capped = Math.min(interval, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
    return 1000 * capped * (retrier.JitterStrategy === 'FULL' ? this.#random() : 1);
  }
}
