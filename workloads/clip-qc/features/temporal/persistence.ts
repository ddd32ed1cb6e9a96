import type { MeasuredFrame } from '../frame-pair.ts';
import { histogramCorrelation } from '../histogram.ts';
import { structuralSimilarity } from '../structural-similarity.ts';

export interface Persistence {
  /** 0: the grey values of before the spike are back after it; 1 and above: they are others. */
  histogram_shift_persistence: number;
  /** 0: the picture of before the spike is back after it; 1 and above: it is another one. */
  content_change_persistence: number;
}

/**
 * Whether a spike passed or changed something for good, by the frames some way before and after it: flicker comes back to
 * where it was, a pan, a fade and an unconfirmed cut do not.
 */
export function persistenceOf(before: MeasuredFrame, after: MeasuredFrame): Persistence {
  return {
    histogram_shift_persistence: 1 - histogramCorrelation(before.histogram, after.histogram),
    content_change_persistence: 1 - structuralSimilarity(before, after),
  };
}
