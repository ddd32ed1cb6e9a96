import type { Sampling } from '#media/sampling';
import type { DatasetParams } from './contract.ts';

/** The sampling that the parameters ask for: every frame unless they say otherwise. */
export function samplingOf({ every, fps, times }: Pick<DatasetParams, 'every' | 'fps' | 'times'>): Sampling {
  if (fps !== undefined) return { fps };
  if (times !== undefined) return { times };
  return { every: every ?? 1 };
}
