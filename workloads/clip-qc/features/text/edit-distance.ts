/** The cheapest way from one text to another: how many characters are replaced, added and removed. */
export interface Edits {
  distance: number;
  replaced: number;
  added: number;
  removed: number;
}

/**
 * Levenshtein's distance, and what it is made of. Of several cheapest ways the one with the most replacements is taken:
 * that makes the share of replacements one number, whatever order an algorithm looks in.
 */
export function editsBetween(from: string, to: string): Edits {
  const [a, b] = [[...from], [...to]];
  let above = b.reduce<Edits[]>(
    (row) => [...row, add(row.at(-1)!)],
    [{ distance: 0, replaced: 0, added: 0, removed: 0 }],
  );
  for (const character of a) {
    const row = [remove(above[0]!)];
    for (const [at, other] of b.entries()) {
      const kept = character === other ? above[at]! : replace(above[at]!);
      row.push([kept, add(row[at]!), remove(above[at + 1]!)].reduce(better));
    }
    above = row;
  }
  return above.at(-1)!;
}

const add = (edits: Edits): Edits => ({ ...edits, distance: edits.distance + 1, added: edits.added + 1 });
const remove = (edits: Edits): Edits => ({ ...edits, distance: edits.distance + 1, removed: edits.removed + 1 });
const replace = (edits: Edits): Edits => ({ ...edits, distance: edits.distance + 1, replaced: edits.replaced + 1 });

function better(a: Edits, b: Edits): Edits {
  if (a.distance !== b.distance) return a.distance < b.distance ? a : b;
  return a.replaced >= b.replaced ? a : b;
}
