import type { PreparedPhrase } from '../contract.ts';

/** Phrases that are heard in one go, and the stretch of their activity's sound that is heard. Places in samples. */
export interface PhraseGroup {
  from: number;
  to: number;
  phrases: PreparedPhrase[];
}

interface GroupRule {
  /** Of the neighbours' sound around a group. */
  contextSamples: number;
  /** A group of several phrases is not longer than this, its context apart. */
  mostSamples: number;
}

/**
 * Puts neighbouring phrases together. Each phrase is then heard between its neighbours, as it was said, and their sound is
 * heard once, not once for each of them.
 */
export function groupPhrases(
  phrases: readonly PreparedPhrase[],
  { contextSamples, mostSamples }: GroupRule,
): PhraseGroup[] {
  const groups: PhraseGroup[] = [];
  for (const phrase of phrases) {
    const end = phrase.first + phrase.samples;
    const group = groups.at(-1);
    if (group && joins(phrase, group.phrases, contextSamples, mostSamples)) {
      group.phrases.push(phrase);
      group.to = end + contextSamples;
    } else
      groups.push({ from: Math.max(0, phrase.first - contextSamples), to: end + contextSamples, phrases: [phrase] });
  }
  return groups;
}

function joins(phrase: PreparedPhrase, group: PreparedPhrase[], contextSamples: number, mostSamples: number): boolean {
  const [first, before] = [group[0]!, group.at(-1)!];
  const gap = phrase.first - (before.first + before.samples);
  return gap >= 0 && gap <= 2 * contextSamples && phrase.first + phrase.samples - first.first <= mostSamples;
}
