import type { Phrase } from '../activities/activity.ts';
import type { PreparedPhrase } from '../contract.ts';
import { SAMPLE_RATE_HZ } from '../defaults.ts';

/**
 * The stretches of a whole recording of `samples` in which its phrases lie, by their times. Of two that overlap the later
 * one begins where the earlier one ends: nothing that was said is scored twice.
 */
export function sliceRecording(file: string, phrases: readonly Phrase[], samples: number): PreparedPhrase[] {
  const taken: { from: number; to: number; index: number }[] = [];
  const byTime = [...phrases].sort((a, b) => (a.startSeconds ?? 0) - (b.startSeconds ?? 0) || a.index - b.index);
  const slices = new Map(
    byTime.map((phrase) => {
      const slice = sliceOf(file, phrase, samples, taken.at(-1));
      if (slice.failure === undefined) {
        taken.push({ from: slice.first, to: slice.first + slice.samples, index: phrase.index });
      }
      return [phrase.index, slice];
    }),
  );
  return phrases.map(({ index }) => slices.get(index)!);
}

function sliceOf(
  file: string,
  phrase: Phrase,
  samples: number,
  before: { to: number; index: number } | undefined,
): PreparedPhrase {
  const { startSeconds = 0, endSeconds } = phrase;
  const wanted = Math.round(startSeconds * SAMPLE_RATE_HZ);
  const first = Math.max(wanted, before?.to ?? 0);
  const end = endSeconds === undefined ? samples : Math.round(endSeconds * SAMPLE_RATE_HZ);
  const there = Math.min(end, samples) - first;
  if (end <= wanted) {
    return withoutSound(phrase, `its times are ${startSeconds} to ${endSeconds} s, which is no stretch`);
  }
  if (wanted >= samples) {
    const length = (samples / SAMPLE_RATE_HZ).toFixed(2);
    return withoutSound(phrase, `it begins at ${startSeconds} s, and ${file} ends at ${length} s`);
  }
  if (there <= 0) return withoutSound(phrase, `all of it lies in phrase ${before!.index}`);
  return {
    ...{ ...askedOf(phrase), first, samples: there, gaps: [] },
    warnings: [
      ...(end > samples ? [`${file} ends before this phrase does`] : []),
      ...(first > wanted ? [`its times overlap those of phrase ${before!.index}, which has what both claim`] : []),
    ],
    segments: [{ file, first, samples: there }],
  };
}

/** A phrase that has no sound, and why. */
export function withoutSound(phrase: Phrase, failure: string): PreparedPhrase {
  return { ...askedOf(phrase), first: 0, samples: 0, gaps: [], warnings: [], segments: [], failure };
}

/** What a phrase asks for, without its times. */
export function askedOf({
  index,
  expected,
  reference,
}: Phrase): Pick<PreparedPhrase, 'index' | 'expected' | 'reference'> {
  return { index, expected, ...(reference === undefined ? {} : { reference }) };
}
