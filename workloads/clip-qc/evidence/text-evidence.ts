import type { ClipQcParams } from '../contract.ts';
import type { TextChange } from '../features/text/text-change.ts';
import type { ClipMeasures } from '../measure-clip.ts';
import type { FoundEvidence, Spot } from './evidence.ts';

// A shift of the box that counts as a weaker sign, and the most of it that is scored, in pixels.
const SHIFT = 10;
const SCORED_SHIFT = 50;
const RELAXED_PAIRS = 3;

type Rule = Pick<ClipQcParams, 'editDistance' | 'globalSsimFloor' | 'confidenceDrop'>;

/** Where a text changed: both frames of each pair that shows it, each with its box. */
export function textEvidence({ changes, texts }: Pick<ClipMeasures, 'changes' | 'texts'>, rule: Rule): FoundEvidence {
  const strict = changes.filter(
    (change) => change.editDistance > rule.editDistance && change.globalSsim > rule.globalSsimFloor,
  );
  if (strict.length > 0) return { level: 'strict', spots: strict.flatMap(spotsOf) };
  const relaxed = strongest(
    changes.filter((change) => isSign(change, rule)),
    RELAXED_PAIRS,
  );
  if (relaxed.length > 0) return { level: 'relaxed', spots: relaxed.flatMap(spotsOf) };
  const best = strongest(changes, 1);
  if (best.length > 0) return { level: 'strongest', spots: best.flatMap(spotsOf) };
  return { level: 'strongest', spots: whereTextIs(texts) };
}

function isSign({ editDistance, confidenceDelta, shift }: TextChange, { confidenceDrop }: Rule): boolean {
  return editDistance > 0 || confidenceDelta >= confidenceDrop || shift >= SHIFT;
}

/** The best of them by score, in the order of the clip; of equal ones the earlier. */
function strongest(changes: readonly TextChange[], most: number): TextChange[] {
  return changes
    .toSorted((a, b) => score(b) - score(a))
    .slice(0, most)
    .sort((a, b) => a.pair - b.pair);
}

function score({ editDistance, confidenceDelta, shift }: TextChange): number {
  return 10 * editDistance + 2 * confidenceDelta + Math.min(shift, SCORED_SHIFT) / 10;
}

function spotsOf({ pair, from, to, editDistance, confidenceDelta, shift }: TextChange): Spot[] {
  const [before, after] = [JSON.stringify(from.text), JSON.stringify(to.text)];
  const note =
    editDistance > 0
      ? `${before} became ${after} (${editDistance} ${editDistance === 1 ? 'edit' : 'edits'})`
      : `${before}: reading confidence changed by ${confidenceDelta.toFixed(2)}, place by ${shift.toFixed(1)} px`;
  return [
    { frame: pair, box: from.box, note },
    { frame: pair + 1, box: to.box, note },
  ];
}

/** No piece of text could be followed: the first frame of it is shown. */
function whereTextIs({ frames }: ClipMeasures['texts']): Spot[] {
  const frame = frames.findIndex(({ regions }) => regions.length > 0);
  if (frame < 0) return [];
  return frames[frame]!.regions.map(({ box, text }) => ({
    frame,
    box,
    note: `${JSON.stringify(text)} is not found again in the next frame`,
  }));
}
