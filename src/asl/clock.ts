import { setTimeout as sleep } from 'node:timers/promises';

/** The time that waits, back-offs and time limits of a state machine go by. */
export interface Clock {
  now(): Date;
  /** Settles after `ms`. @throws the signal's reason if that aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls back once after `ms`, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
}

// A longer timer of Node's fires at once: 2^31 - 1 ms is almost 25 days, more than any job at home.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    try {
      await sleep(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal });
    } catch {
      throw signal.reason;
    }
  },
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
