import { MediaError } from '#core/errors';
import { PHONETIC_TABLE } from '../phonetics/table.ts';
import type { UnitTrie } from '../phonetics/unit-trie.ts';
import type { HeardToken, HeardUnit } from './heard.ts';

/** `robust` leaves a token that begins no unit out, and tells; `strict` fails. */
export type SegmentMode = 'robust' | 'strict';

export interface SegmentOptions {
  separator: string;
  mode?: SegmentMode;
  units?: UnitTrie;
}

export interface Segmented {
  units: HeardUnit[];
  /** Tokens that no unit begins with; none in strict mode. */
  skipped: HeardToken[];
}

/** Tokens that no phonetic unit begins with. */
export class ParseFailure extends MediaError {}

/**
 * Takes tokens together to phonetic units: from left to right, the longest one that the table has. No unit reaches over a
 * separator; separators in a row, at the start or at the end stand for nothing.
 * @throws ParseFailure in strict mode.
 */
export function segment(
  heard: readonly HeardToken[],
  { separator, mode = 'robust', units = PHONETIC_TABLE.units }: SegmentOptions,
): Segmented {
  const found: Segmented = { units: [], skipped: [] };
  for (const word of words(heard, separator)) {
    const tokens = word.map(({ token }) => token);
    for (let at = 0; at < word.length; ) {
      const length = units.longestMatch(tokens, at);
      if (length === 0 && mode === 'strict') throw parseFailure(word[at]!);
      if (length === 0) found.skipped.push(word[at]!);
      else found.units.push(unitOf(word.slice(at, at + length)));
      at += Math.max(1, length);
    }
  }
  return found;
}

function* words(heard: readonly HeardToken[], separator: string): Generator<HeardToken[]> {
  let word: HeardToken[] = [];
  for (const token of heard) {
    if (token.token !== separator) {
      word.push(token);
      continue;
    }
    if (word.length > 0) yield word;
    word = [];
  }
  if (word.length > 0) yield word;
}

function unitOf(word: readonly HeardToken[]): HeardUnit {
  const phonemes = word.map(({ token }) => token);
  return {
    unit: phonemes.join(' '),
    phonemes,
    confidence: word.reduce((sum, { confidence }) => sum + confidence, 0) / word.length,
    startSeconds: word[0]!.startSeconds,
    endSeconds: word.at(-1)!.endSeconds,
  };
}

function parseFailure({ token, startSeconds }: HeardToken): ParseFailure {
  return new ParseFailure(
    `Expected a phonetic unit at ${startSeconds.toFixed(2)} s, found the token ${JSON.stringify(token)}, which begins none. Decode in robust mode to leave it out.`,
    { details: { token, startSeconds } },
  );
}
