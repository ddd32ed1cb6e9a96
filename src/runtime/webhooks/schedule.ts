const FIRST_SECONDS = 5;
const FACTOR = 4;
// Half of what a queue may hide a message for.
const LONGEST_SECONDS = 6 * 60 * 60;
const JITTER = 0.25;

/**
 * How long to wait after so many failed attempts: 5 s, 20 s, 80 s, … up to 6 hours, a quarter more or less, so that
 * receivers that were down are not met by all senders at once. A receiver may ask for more, and never for longer than that.
 */
export function secondsToNext(failures: number, { asked = 0, random = Math.random }: WaitOptions = {}): number {
  const wanted = Math.max(FIRST_SECONDS * FACTOR ** (failures - 1), asked);
  const around = 1 + JITTER * (2 * random() - 1);
  return Math.round(Math.min(wanted, LONGEST_SECONDS) * around);
}

interface WaitOptions {
  /** The receiver's Retry-After. */
  asked?: number | undefined;
  random?: () => number;
}
