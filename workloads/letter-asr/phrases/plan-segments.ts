import type { Phrase } from '../activities/activity.ts';
import type { PhrasePlan, PlacedSegment, SameBytes } from './plan-sound.ts';

// As many lost packets in a row are no longer a blink of the network.
const MANY_IN_A_ROW = 5;
// Beyond this the numbers themselves are wrong.
const MOST_GAPS = 10_000;

/** The last sequence number of the phrase before. */
type LastBefore = number | 'beginning' | 'unknown';

/**
 * Puts segments into phrases. Sequence numbers run through the whole activity: phrase i has those after the last one of
 * phrase i-1, up to its own last one. What is not there is a gap; a phrase of which nothing is there has failed, as has
 * one in which different files claim the same place.
 */
export async function planSegments(
  phrases: readonly Phrase[],
  segments: readonly PlacedSegment[],
  sameBytes: SameBytes,
): Promise<PhrasePlan[]> {
  const { kept, dropped, rivals } = await settleRivals(segments, sameBytes);
  const wanted = new Map(phrases.map((phrase) => [phrase.index, phrase]));
  let before: LastBefore = 'beginning';
  // Phrases that nobody asked for still take their sequence numbers.
  const indexes = new Set([...wanted.keys(), ...segments.map(({ phrase }) => phrase)]);
  return [...indexes]
    .sort((a, b) => a - b)
    .flatMap((index) => {
      const phrase = wanted.get(index);
      const own = kept.filter(({ phrase }) => phrase === index);
      const claimed = rivals.filter((group) => group.some(({ phrase }) => phrase === index));
      const last = own.find(({ last }) => last)?.sequence ?? own.at(-1)?.sequence;
      const gaps = last === undefined ? [] : missingUpTo(last, before, own);
      const plan: Omit<PhrasePlan, 'phrase'> = {
        gaps,
        pieces: own.map(({ input, sequence }) => ({ file: input, sequence })),
        warnings: [
          ...dropped
            .filter(({ phrase }) => phrase === index)
            .map(({ file }) => `${file} is there twice and counts once`),
          ...(longestRun(gaps) > MANY_IN_A_ROW ? [`${longestRun(gaps)} packets in a row are missing`] : []),
          ...outOfOrder(own, before, last),
        ],
      };
      // Where a phrase without segments ended is not known: what is missing may be its own.
      before = last ?? 'unknown';
      if (phrase === undefined) return [];
      if (claimed.length > 0) return [{ phrase, ...plan, failure: claimed.map(rivalry).join('; ') }];
      return [own.length > 0 ? { phrase, ...plan } : { phrase, ...plan, failure: 'no segment of it is there' }];
    });
}

/** Of files with one sequence number the newest version counts, or the first of equal ones; else none can be chosen. */
async function settleRivals(segments: readonly PlacedSegment[], sameBytes: SameBytes) {
  const bySequence = Map.groupBy(segments, ({ sequence }) => sequence);
  const [kept, dropped, rivals]: [PlacedSegment[], PlacedSegment[], PlacedSegment[][]] = [[], [], []];
  for (const sequence of [...bySequence.keys()].sort((a, b) => a - b)) {
    const group = bySequence.get(sequence)!;
    const newest = Math.max(...group.map(({ version = 0 }) => version));
    const [first, ...others] = group.filter(({ version = 0 }) => version === newest) as [
      PlacedSegment,
      ...PlacedSegment[],
    ];
    const isOnePhrase = others.every(({ phrase }) => phrase === first.phrase);
    if (others.length === 0 || (isOnePhrase && (await sameBytes([first, ...others].map(({ input }) => input))))) {
      kept.push(first);
      dropped.push(...others);
    } else rivals.push([first, ...others]);
  }
  return { kept, dropped, rivals };
}

function missingUpTo(last: number, before: LastBefore, own: PlacedSegment[]): number[] {
  const there = new Set(own.map(({ sequence }) => sequence));
  // Counting begins at 0 or 1: where the first phrase begins later than that, its beginning is missing.
  const begun = own[0]!.sequence;
  const first = before === 'unknown' ? begun : before === 'beginning' ? Math.min(begun, 1) : before + 1;
  const missing: number[] = [];
  for (let sequence = first; sequence <= last && missing.length < MOST_GAPS; sequence += 1) {
    if (!there.has(sequence)) missing.push(sequence);
  }
  return missing;
}

function outOfOrder(own: PlacedSegment[], before: LastBefore, last: number | undefined): string[] {
  return own
    .filter(
      ({ sequence }) => (typeof before === 'number' && sequence <= before) || (last !== undefined && sequence > last),
    )
    .map(({ file, sequence }) => `${file} has the sequence number ${sequence}, which lies outside its phrase`);
}

function longestRun(numbers: number[]): number {
  let [longest, run] = [0, 0];
  for (const [at, number] of numbers.entries()) {
    run = at > 0 && number === numbers[at - 1]! + 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

function rivalry(group: PlacedSegment[]): string {
  return `${group.map(({ file }) => file).join(' and ')} both claim the sequence number ${group[0]!.sequence}`;
}
