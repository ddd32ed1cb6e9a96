/** Phonetic units by their phonemes. */
export interface UnitTrie {
  /** How many tokens from `start` on are the longest unit; 0 when none begins there. */
  longestMatch(tokens: readonly string[], start?: number): number;
}

interface Node {
  isUnit: boolean;
  next: Map<string, Node>;
}

/** A trie (Fredkin 1960) over units that are written as phonemes with spaces between. */
export function unitTrie(units: Iterable<string>): UnitTrie {
  const root: Node = { isUnit: false, next: new Map() };
  for (const unit of units) insert(root, unit.split(' '));

  return {
    longestMatch(tokens, start = 0) {
      let longest = 0;
      let node: Node | undefined = root;
      for (let at = start; at < tokens.length; at += 1) {
        node = node.next.get(tokens[at]!);
        if (!node) break;
        if (node.isUnit) longest = at - start + 1;
      }
      return longest;
    },
  };
}

function insert(root: Node, phonemes: readonly string[]): void {
  let node = root;
  for (const phoneme of phonemes) {
    let next = node.next.get(phoneme);
    if (!next) {
      next = { isUnit: false, next: new Map() };
      node.next.set(phoneme, next);
    }
    node = next;
  }
  node.isUnit = true;
}
