import { InputError } from '#core/errors';
import type { HeardUnit } from '../decode/heard.ts';
import type { ExpectedItem, LetterVerdict } from './verdict.ts';

export interface AlignOptions {
  /** A sure match then counts for more than an unsure one, and an error is told half as sure. */
  confidenceWeighting?: boolean;
}

// A table of 160 MB; 10,000 letters in one phrase against 2,000 units are more than anybody says.
const MOST_CELLS = 20_000_000;

/**
 * Judges each expected letter, by the best alignment of the whole list with all that was heard (Needleman and Wunsch
 * 1970): most accepted matches first, then fewest letters left without a sound. A unit that is left over costs nothing, so
 * an extra sound never shifts the letters behind it.
 *
 * Of alignments that are equally good, the one with the earliest right letters is taken, then the one with the earliest
 * wrong ones, each with the earliest unit that will do. So a unit that is left over changes no verdict at all, and no
 * further unit makes fewer letters right.
 *
 * @returns one verdict for each expected item, in their order.
 * @throws InputError for lists too long to compare.
 */
export function align(
  expected: readonly ExpectedItem[],
  heard: readonly HeardUnit[],
  { confidenceWeighting = false }: AlignOptions = {},
): LetterVerdict[] {
  const worth = bestWorths(expected, heard, confidenceWeighting);
  const verdicts: LetterVerdict[] = [];
  let next = 0;
  for (const [index, item] of expected.entries()) {
    const taken = worth.unitFor(index, next);
    const unit = taken === undefined ? undefined : heard[taken]!;
    verdicts.push(judge(item, unit, confidenceWeighting));
    if (taken !== undefined) next = taken + 1;
  }
  return verdicts;
}

interface Worths {
  /** The unit, from `next` on, that the best alignment gives to a letter; undefined when it gives none. */
  unitFor(index: number, next: number): number | undefined;
}

/**
 * `best[i][j]` is the worth of the best alignment of the letters from i with the units from j. A substitution is worth 1,
 * a match more than all substitutions that there can be, anything left over 0.
 */
function bestWorths(expected: readonly ExpectedItem[], heard: readonly HeardUnit[], weighting: boolean): Worths {
  const width = heard.length + 1;
  if ((expected.length + 1) * width > MOST_CELLS) throw tooLong(expected.length, heard.length);
  const accepted = expected.map(({ accepted }) => new Set(accepted));
  const match = Math.min(expected.length, heard.length) + 1;
  const best = new Float64Array((expected.length + 1) * width);

  const isMatch = (index: number, unit: number) => accepted[index]!.has(heard[unit]!.unit);
  const worthOf = (index: number, unit: number) => {
    if (!isMatch(index, unit)) return 1;
    // The least sure match is still worth a substitution.
    return weighting ? 1 + (match - 1) * heard[unit]!.confidence : match;
  };
  const paired = (index: number, unit: number) => worthOf(index, unit) + best[(index + 1) * width + unit + 1]!;

  for (let index = expected.length - 1; index >= 0; index -= 1) {
    for (let unit = heard.length - 1; unit >= 0; unit -= 1) {
      const skipUnit = best[index * width + unit + 1]!;
      const skipLetter = best[(index + 1) * width + unit]!;
      best[index * width + unit] = Math.max(paired(index, unit), skipUnit, skipLetter);
    }
  }

  return {
    unitFor(index, next) {
      const wanted = best[index * width + next]!;
      let substitute: number | undefined;
      for (let unit = next; unit < heard.length && best[index * width + unit] === wanted; unit += 1) {
        if (paired(index, unit) !== wanted) continue;
        if (isMatch(index, unit)) return unit;
        substitute ??= unit;
      }
      return substitute;
    },
  };
}

function judge({ item, accepted }: ExpectedItem, unit: HeardUnit | undefined, weighting: boolean): LetterVerdict {
  if (!unit) {
    const reason = accepted ? 'nothing-heard' : 'unknown-item';
    return { item, verdict: 'missing', heard: null, startSeconds: null, endSeconds: null, confidence: 0, reason };
  }
  const { unit: heard, startSeconds, endSeconds, confidence } = unit;
  const place = { heard, startSeconds, endSeconds };
  if (accepted?.includes(heard)) return { item, verdict: 'correct', ...place, confidence, reason: 'accepted' };
  return {
    item,
    verdict: 'wrong',
    ...place,
    confidence: weighting ? confidence / 2 : confidence,
    reason: accepted ? 'another-unit' : 'unknown-item',
  };
}

function tooLong(letters: number, units: number): InputError {
  return new InputError(
    `Expected a phrase whose letters and sounds can be compared, found ${letters} letters and ${units} sounds. Split it into phrases.`,
    { details: { letters, units } },
  );
}
