/** A token that a model emitted, with the frames it was the best in. */
export interface HeardToken {
  token: string;
  /** Mean probability over its frames, 0 to 1. */
  confidence: number;
  startSeconds: number;
  endSeconds: number;
}

/** A phonetic unit, such as the name of a letter: tokens that the table takes together. */
export interface HeardUnit {
  /** Its phonemes with spaces between: `b iː`. */
  unit: string;
  phonemes: string[];
  /** Mean over its phonemes, 0 to 1. */
  confidence: number;
  startSeconds: number;
  endSeconds: number;
}
