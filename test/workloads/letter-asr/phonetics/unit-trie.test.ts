import { describe, expect, it } from 'vitest';
import { unitTrie } from '#workloads/letter-asr/phonetics/unit-trie';

const units = unitTrie(['k', 'k s', 'k j uː', 's']);

describe('the trie of units', () => {
  it.each([
    { name: 'finds the longest match', tokens: 'k s s', start: 0, length: 2 },
    { name: 'falls back to the last unit on the way', tokens: 'k j s', start: 0, length: 1 },
    { name: 'has no match', tokens: 'j uː', start: 0, length: 0 },
    { name: 'has no match for what only begins a unit', tokens: 'j', start: 0, length: 0 },
    { name: 'begins at an offset', tokens: 'j k j uː', start: 1, length: 3 },
    { name: 'ends at the last token', tokens: 's k', start: 1, length: 1 },
    { name: 'finds nothing behind the last token', tokens: 's', start: 1, length: 0 },
    { name: 'finds nothing in nothing', tokens: '', start: 0, length: 0 },
  ])('$name', ({ tokens, start, length }) => {
    expect(units.longestMatch(tokens === '' ? [] : tokens.split(' '), start)).toBe(length);
  });
});
