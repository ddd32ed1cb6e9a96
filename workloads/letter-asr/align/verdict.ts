/** A letter that should be said. */
export interface ExpectedItem {
  /** Such as `a_letter` for its name or `b_sound` for its sound. */
  item: string;
  /** Units that count as it; undefined for an item that no table knows, which is always an error. */
  accepted: readonly string[] | undefined;
}

/** Why a letter was judged so. */
export type LetterReason = 'accepted' | 'another-unit' | 'nothing-heard' | 'unknown-item';

export interface LetterVerdict {
  item: string;
  verdict: 'correct' | 'wrong' | 'missing';
  /** The unit that was taken for this letter. */
  heard: string | null;
  startSeconds: number | null;
  endSeconds: number | null;
  /** Of the heard unit, 0 to 1; 0 when nothing was heard. */
  confidence: number;
  reason: LetterReason;
}
