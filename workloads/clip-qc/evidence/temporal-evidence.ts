import type { FramePair } from '../features/frame-pair.ts';
import { diffAccelerations } from '../features/temporal/segment-features.ts';
import type { ClipMeasures } from '../measure-clip.ts';
import type { FoundEvidence, Spot } from './evidence.ts';

// Weaker signs of flicker, and what a pair must score to be shown for them.
const SIGN = { ssim: 0.97, mae: 5, acceleration: 3 };
const LEAST_SCORE = 4;
const RELAXED_PAIRS = 3;

interface Scored {
  pair: number;
  measures: FramePair;
  acceleration: number;
}

/** Where the picture jumped: the patch that changed most, in the second frame of each pair that shows it. */
export function temporalEvidence(
  { pairs, temporal }: Pick<ClipMeasures, 'pairs' | 'temporal'>,
  spikeSsim: number,
): FoundEvidence {
  const candidates = pairsOfSegments(pairs, temporal);
  const strict = candidates.filter(({ measures }) => measures.ssim < spikeSsim);
  if (strict.length > 0) return { level: 'strict', spots: strict.map(spotOf) };
  const relaxed = strongest(
    candidates.filter((each) => isSign(each) && score(each) >= LEAST_SCORE),
    RELAXED_PAIRS,
  );
  if (relaxed.length > 0) return { level: 'relaxed', spots: relaxed.map(spotOf) };
  return { level: 'strongest', spots: strongest(candidates, 1).map(spotOf) };
}

/** The pairs inside of segments; a clip without a segment is searched whole, but for its cuts. */
function pairsOfSegments(pairs: readonly FramePair[], { segments, cuts }: ClipMeasures['temporal']): Scored[] {
  const accelerations = diffAccelerations(pairs.map(({ mae }) => mae));
  const touchesCut = (pair: number) => cuts.includes(pair);
  const isInside = (pair: number) => segments.some(({ first, last }) => pair >= first && pair < last);
  return pairs
    .map((measures, pair) => ({ pair, measures, acceleration: accelerations[pair]! }))
    .filter(({ pair }) => !touchesCut(pair) && (segments.length === 0 || isInside(pair)))
    .map((each) => (touchesCut(each.pair + 1) || touchesCut(each.pair - 1) ? { ...each, acceleration: 0 } : each));
}

function isSign({ measures: { ssim, mae, patchInstability }, acceleration }: Scored): boolean {
  return ssim < SIGN.ssim || mae >= SIGN.mae || patchInstability > 0 || acceleration >= SIGN.acceleration;
}

function strongest(pairs: readonly Scored[], most: number): Scored[] {
  return pairs
    .toSorted((a, b) => score(b) - score(a))
    .slice(0, most)
    .sort((a, b) => a.pair - b.pair);
}

function score({ measures: { ssim, mae, patchInstability }, acceleration }: Scored): number {
  return 120 * (1 - ssim) + mae / 6 + 20 * patchInstability + acceleration / 3;
}

function spotOf({ pair, measures: { ssim, mae, worstPatch } }: Scored): Spot {
  return {
    frame: pair + 1,
    box: worstPatch,
    note: `SSIM ${ssim.toFixed(3)} to the frame before, mean change ${mae.toFixed(1)}`,
  };
}
