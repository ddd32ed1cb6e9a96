import type { ExpectedItem } from '../align/verdict.ts';
import written from '../pronunciations.json' with { type: 'json' };
import { type UnitTrie, unitTrie } from './unit-trie.ts';

/** The sounds of English letters: what may be heard, and what counts as which letter. */
export interface PhoneticTable {
  phonemes: readonly string[];
  /** Accepted pronunciations by item, the usual one first; phonemes with spaces between. */
  items: ReadonlyMap<string, readonly string[]>;
  /** Every pronunciation and every single phoneme, longest match first. */
  units: UnitTrie;
}

/** The table that comes with the workload. */
export const PHONETIC_TABLE = phoneticTable(written);

/** Prepares a table. @throws TypeError for a pronunciation with a phoneme that is not in its list: a mistake of ours. */
export function phoneticTable({
  phonemes,
  items,
}: {
  phonemes: readonly string[];
  items: Record<string, readonly string[]>;
}): PhoneticTable {
  const known = new Set(phonemes);
  const pronunciations = [...new Set(Object.values(items).flat())];
  for (const pronunciation of pronunciations) {
    const strange = pronunciation.split(' ').find((phoneme) => !known.has(phoneme));
    if (strange !== undefined) throw new TypeError(`The pronunciation ${pronunciation} has ${strange}, no phoneme.`);
  }
  // A phoneme by itself is a unit too: a sound that is no letter is then told as heard, rather than as nothing.
  return { phonemes, items: new Map(Object.entries(items)), units: unitTrie([...pronunciations, ...phonemes]) };
}

/**
 * An item with what counts as it: the table's pronunciations and, of an item that the table knows, the activity's own
 * reference.
 */
export function expectedItem(item: string, table = PHONETIC_TABLE, reference: readonly string[] = []): ExpectedItem {
  const accepted = table.items.get(item);
  return { item, accepted: accepted && [...new Set([...accepted, ...reference])] };
}
