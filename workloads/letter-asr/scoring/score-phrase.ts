import { align } from '../align/align.ts';
import type { LetterAsrParams, PreparedPhrase, ScoredPhrase } from '../contract.ts';
import type { HeardToken, HeardUnit } from '../decode/heard.ts';
import { segment } from '../decode/segment.ts';
import { expectedItem } from '../phonetics/table.ts';

export type ScoringRule = Pick<LetterAsrParams, 'decoder' | 'beamWidth' | 'strict' | 'confidenceWeighting'>;

/** Where the phrase lies in the sound that was heard; the rest is its neighbours'. */
export interface Stretch {
  startSeconds: number;
  seconds: number;
}

/**
 * The verdicts of a phrase: the tokens of its own stretch, taken together to units and aligned with what was asked for.
 * Times are seconds from the beginning of the phrase.
 * @throws ParseFailure in strict mode.
 */
export function scorePhrase(
  { expected, reference }: Pick<PreparedPhrase, 'expected' | 'reference'>,
  tokens: readonly HeardToken[],
  separator: string,
  stretch: Stretch,
  { strict, confidenceWeighting }: ScoringRule,
): Pick<ScoredPhrase, 'letters' | 'heard'> {
  const own = tokens.flatMap((token) => within(token, stretch));
  const { units } = segment(own, { separator, mode: strict ? 'strict' : 'robust' });
  // A reference is only known to belong to an item when there is one for each.
  const references = reference?.length === expected.length ? reference : undefined;
  const items = expected.map((item, at) => expectedItem(item, undefined, references && [references[at]!]));
  return {
    letters: align(items, units, { confidenceWeighting }).map((verdict) => ({
      ...verdict,
      startSeconds: verdict.startSeconds === null ? null : milliseconds(verdict.startSeconds),
      endSeconds: verdict.endSeconds === null ? null : milliseconds(verdict.endSeconds),
      confidence: tenThousandths(verdict.confidence),
    })),
    heard: units.map(asLine),
  };
}

/** A token by the phrase's clock if its middle lies in the phrase: of two neighbours exactly one has it. */
function within(token: HeardToken, { startSeconds, seconds }: Stretch): HeardToken[] {
  const middle = (token.startSeconds + token.endSeconds) / 2 - startSeconds;
  if (middle < 0 || middle >= seconds) return [];
  return [
    {
      ...token,
      startSeconds: Math.max(0, token.startSeconds - startSeconds),
      endSeconds: Math.min(seconds, token.endSeconds - startSeconds),
    },
  ];
}

function asLine({ unit, confidence, startSeconds, endSeconds }: HeardUnit): ScoredPhrase['heard'][number] {
  return {
    unit,
    confidence: tenThousandths(confidence),
    startSeconds: milliseconds(startSeconds),
    endSeconds: milliseconds(endSeconds),
  };
}

function milliseconds(seconds: number): number {
  return Number(seconds.toFixed(3));
}

function tenThousandths(share: number): number {
  return Number(share.toFixed(4));
}
