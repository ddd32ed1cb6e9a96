import { varianceOf } from '../statistics.ts';

/** Variance of each run of `window` values; of fewer values than that, of all of them together. */
export function rollingVariances(values: readonly number[], window: number): number[] {
  const length = Math.min(window, values.length);
  if (length < 2) return [];
  return Array.from({ length: values.length - length + 1 }, (_, first) =>
    varianceOf(values.slice(first, first + length)),
  );
}

/** How one-sided the changes are: the more frequent of rises and falls over all of them; 0 without a change to count. */
export function monotonicRatio(values: readonly number[]): number {
  const steps = values.slice(1).map((value, at) => value - values[at]!);
  if (steps.length === 0) return 0;
  const rises = steps.filter((step) => step > 0).length;
  const falls = steps.filter((step) => step < 0).length;
  return Math.max(rises, falls) / steps.length;
}
