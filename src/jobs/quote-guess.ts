import type { HistoryEvent } from '#core/ports';
import type { Workload } from '#core/workload';
import { chargeOf } from './charge.ts';
import type { Band, Quote, QuoteFacts } from './quote.ts';
import type { Attempt } from './verdicts.ts';

/**
 * What is assumed of a workload of which no job has ended: a container step works through 1 GB in ten minutes, after three
 * quarters of a minute to start, and a function takes 5 s. Nobody has measured that; a real job may take a quarter or four
 * times as long, and no longer than its steps may run. An input that can't be looked at counts as 1 GB.
 */
export const FIRST_GUESS = {
  bytesPerSecond: 1e9 / 600,
  startSeconds: 45,
  functionSeconds: 5,
  inputBytes: 1e9,
  spread: 4,
};

/** The time and cost of a job from the sizes that its workload declares. */
export function firstGuess(
  facts: Pick<QuoteFacts, 'workload' | 'plan' | 'inputBytes'>,
): Pick<Quote, 'seconds' | 'usd'> {
  const { spread } = FIRST_GUESS;
  const [low, likely, high] = [1 / spread, 1, spread].map((factor) => guessed(facts, factor));
  return { seconds: band(low!, likely!, high!, 'seconds'), usd: band(low!, likely!, high!, 'usd') };
}

type Guess = Record<'seconds' | 'usd', number>;

function band(low: Guess, likely: Guess, high: Guess, what: keyof Guess): Band {
  return { low: low[what], likely: likely[what], high: high[what] };
}

function guessed({ workload, plan, inputBytes }: Omit<QuoteFacts, 'past'>, factor: number): Guess {
  const steps = Object.keys(workload.steps).filter((step) => plan[step] !== 'reuse');
  const runs = steps.map((step) => ({ step, seconds: stepSeconds(workload, step, inputBytes, factor) }));
  const { usd } = chargeOf({
    job: {},
    workload,
    attempts: runs.map(({ step, seconds }) => attempt(step, seconds)),
    histories: [runs.flatMap(({ step, seconds }) => history(step, seconds, plan[step]))],
  });
  return { seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0), usd };
}

function stepSeconds({ steps }: Workload, step: string, inputBytes = FIRST_GUESS.inputBytes, factor: number): number {
  const placed = steps[step]!;
  const { functionSeconds, startSeconds, bytesPerSecond } = FIRST_GUESS;
  if (placed.runs === 'lambda') return Math.min(functionSeconds * factor, placed.timeoutSeconds);
  return startSeconds + Math.min((inputBytes / bytesPerSecond) * factor, placed.runSeconds);
}

const START = '1970-01-01T00:00:00.000Z';

function attempt(step: string, seconds: number): Attempt {
  return { step, attempt: 1, record: { step, attempt: 1, startedAt: START, seconds, cpuSeconds: 0, peakMemoryMiB: 0 } };
}

/** As a history would have it: entered after a Choice, on what is planned. */
function history(step: string, seconds: number, device: string | undefined): HistoryEvent[] {
  const state = device === 'cpu' ? `${step}OnCpu` : step;
  const choice = device === undefined ? [] : [{ at: START, type: 'ChoiceStateEntered', state: `Plan${step}` }];
  return [
    ...choice,
    { at: START, type: 'TaskStateEntered', state },
    { at: START, type: 'TaskStarted', state },
    { at: new Date(seconds * 1000).toISOString(), type: 'TaskSucceeded', state },
  ];
}
