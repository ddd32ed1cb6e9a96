import { roundedUsd } from '#core/price';
import { PRICES } from '#core/prices';
import type { Workload } from '#core/workload';
import { firstGuess } from './quote-guess.ts';

/** What may come: one job in ten is below `low`, one in ten above `high`. */
export interface Band {
  low: number;
  likely: number;
  high: number;
}

export interface Quote {
  /** From the start of its execution to its end. */
  seconds: Band;
  /** By the list prices of AWS on demand. */
  usd: Band;
  /** How many past jobs it is told from, and how. */
  basis: { jobs: number; how: string };
  /** The date of the price table. */
  prices: string;
}

/** A job that has ended, as far as it tells of the next one. */
export interface PastJob {
  seconds: number;
  usd: number;
  inputBytes?: number;
  /** US dollars by step. */
  steps?: Record<string, number>;
}

export interface QuoteFacts {
  workload: Workload;
  plan: Record<string, 'reuse' | 'gpu' | 'cpu'>;
  /** Missing where the input can't be looked at. */
  inputBytes?: number | undefined;
  past: PastJob[];
}

// The jobs whose inputs are nearest in size; more would only be less alike.
const NEAREST = 15;
// Fewer say too little about how much they differ: the band is made twice as wide on each side.
const ENOUGH = 5;
const WIDER = 2;

/**
 * Predicts the time and the cost of a job: from the past jobs whose inputs are nearest in size, each made as large as this
 * one; with none, from what the workload declares. What will be taken over from other jobs costs nothing, and its share of
 * the time is taken to be its share of the cost.
 */
export function quoteOf({ workload, plan, inputBytes, past }: QuoteFacts): Quote {
  if (past.length === 0) {
    const how = 'A first guess from the sizes that the workload declares, because no job of it has ended yet.';
    return { ...firstGuess({ workload, plan, inputBytes }), basis: { jobs: 0, how }, prices: PRICES.date };
  }
  const sized = !inputBytes ? [] : past.filter((job) => job.inputBytes !== undefined && job.inputBytes > 0);
  const alike = sized.length > 0 ? nearest(sized, inputBytes!) : past;
  const scaled = alike.map((job) => {
    const share = shareToDo(job, plan) * (sized.length > 0 ? inputBytes! / job.inputBytes! : 1);
    return { seconds: job.seconds * share, usd: job.usd * share };
  });
  const how =
    sized.length > 0
      ? `From ${counted(alike.length)} with inputs nearest in size, in proportion to their size.`
      : `From ${counted(alike.length)}, whatever the size of their inputs.`;
  return {
    seconds: bandOf(scaled.map(({ seconds }) => seconds)),
    usd: rounded(bandOf(scaled.map(({ usd }) => usd))),
    basis: { jobs: alike.length, how },
    prices: PRICES.date,
  };
}

function counted(jobs: number): string {
  return `${jobs} past job${jobs === 1 ? '' : 's'}`;
}

function nearest(past: PastJob[], inputBytes: number): PastJob[] {
  const distance = (job: PastJob) => Math.abs(Math.log(Math.max(1, inputBytes) / job.inputBytes!));
  return [...past].sort((first, second) => distance(first) - distance(second)).slice(0, NEAREST);
}

function shareToDo({ steps = {} }: PastJob, plan: QuoteFacts['plan']): number {
  const all = Object.values(steps).reduce((sum, usd) => sum + usd, 0);
  const reused = Object.entries(steps).reduce((sum, [step, usd]) => (plan[step] === 'reuse' ? sum + usd : sum), 0);
  return all > 0 ? 1 - reused / all : 1;
}

function bandOf(values: number[]): Band {
  const sorted = [...values].sort((first, second) => first - second);
  const wider = sorted.length < ENOUGH ? WIDER : 1;
  return { low: quantile(sorted, 0.1) / wider, likely: quantile(sorted, 0.5), high: quantile(sorted, 0.9) * wider };
}

/** Between two values in proportion; of sorted values. */
function quantile(sorted: number[], part: number): number {
  const place = part * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (above - below) * (place - Math.floor(place));
}

function rounded({ low, likely, high }: Band): Band {
  return { low: roundedUsd(low), likely: roundedUsd(likely), high: roundedUsd(high) };
}
