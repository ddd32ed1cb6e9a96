import type { Job } from '#core/job';
import { describeSize, nextSize, SIZES, sizesOf, taskSizes } from '#core/sizes';
import type { Size, Workload } from '#core/workload';
import { RequestRefused } from './refusal.ts';

/**
 * The sizes of a job whose failed step gets the next larger one. @throws RequestRefused when it is the largest already, or
 * when what failed was no container: the memory of a function is its workload's affair.
 */
export function nextSizes({ id, error, sizes }: Job, workload: Workload): Record<string, Size> {
  const all = sizesOf(workload, sizes);
  const step = error?.step;
  const size = step === undefined ? undefined : all[step];
  if (step === undefined || !size) {
    throw new RequestRefused(
      'NoLargerSize',
      `Job ${id} failed in ${step ?? 'no step'}, which is not a container: it has no size to choose.`,
      'Start it again without a size.',
    );
  }
  const larger = nextSize(size);
  if (larger) return { ...all, [step]: larger };
  throw new RequestRefused(
    'NoLargerSize',
    `${step} of job ${id} had ${describeSize(size)}, and there is nothing larger than ${describeSize(SIZES.at(-1)!)}.`,
    'Submit a job with less to do at once.',
  );
}

/** The recorded input of a state, with the sizes that the job has now. */
export function resized(input: unknown, { sizes }: Pick<Job, 'sizes'>): unknown {
  return sizes && typeof input === 'object' ? { ...input, size: taskSizes(sizes) } : input;
}
