import type { LetterVerdict } from './verdict.ts';

/** The result of a list of letters; each list has one entry for each letter. */
export interface LetterScore {
  /** True where the letter was wrong or missing. */
  errors: boolean[];
  /** `-` where nothing was heard. */
  heard: string[];
  confidences: number[];
  errorCount: number;
  total: number;
  /** Share of the letters that were right; 0 for no letters. */
  accuracy: number;
}

export function scoreOf(verdicts: readonly LetterVerdict[]): LetterScore {
  const errors = verdicts.map(({ verdict }) => verdict !== 'correct');
  const errorCount = errors.filter(Boolean).length;
  const total = verdicts.length;
  return {
    errors,
    heard: verdicts.map(({ heard }) => heard ?? '-'),
    confidences: verdicts.map(({ confidence }) => confidence),
    errorCount,
    total,
    accuracy: total === 0 ? 0 : (total - errorCount) / total,
  };
}
