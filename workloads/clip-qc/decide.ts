import type { ArtifactCategory, Category, Finding } from './result.ts';

export type Probabilities = Finding['probabilities'];

export interface DecisionFacts {
  /** Was any text read in the clip? */
  hasText: boolean;
  /** Largest share of a text that changed, over the share of the scene that did. */
  textRatioMax: number;
  /** Longest run of unstable pairs. */
  instabilityDuration: number;
}

export type Decision = Pick<Finding, 'artifact' | 'category' | 'confidence' | 'secondary' | 'override'>;

// Below this an artifact class is not a case at all.
const WEAK = 0.1;
const SECONDARY = { textRatio: 1.5, duration: 3 };

/**
 * From probabilities to a verdict (docs/decisions/0030): a clip has an artifact if P(NONE) is below the threshold, of the
 * likelier category, text where both are as likely. Without text there is no text artifact.
 */
export function decide(probabilities: Probabilities, facts: DecisionFacts, threshold: number): Decision {
  const { category, override } = categoryOf(probabilities, facts, threshold);
  const secondary = secondaryOf(category, facts);
  return {
    artifact: category !== 'NONE',
    category,
    confidence: Math.min(1, Math.max(0, 1 - probabilities.NONE)),
    ...(secondary === undefined ? {} : { secondary }),
    ...(override === undefined ? {} : { override }),
  };
}

function categoryOf(
  { NONE: none, TEXT_INCONSISTENCY: text, TEMPORAL_FLICKER: flicker }: Probabilities,
  { hasText }: DecisionFacts,
  threshold: number,
): { category: Category; override?: string } {
  if (none >= threshold) return { category: 'NONE' };
  if (text <= WEAK && flicker <= WEAK) {
    return { category: 'NONE', override: `neither artifact is likelier than ${WEAK}` };
  }
  if (flicker > text) return { category: 'TEMPORAL_FLICKER' };
  if (hasText) return { category: 'TEXT_INCONSISTENCY' };
  const why = 'no text was read, so the text artifact that is likelier can not be there';
  return { category: flicker > WEAK ? 'TEMPORAL_FLICKER' : 'NONE', override: why };
}

/** The other artifact, where its own rule sees both signs of it. */
function secondaryOf(category: Category, { hasText, textRatioMax, instabilityDuration }: DecisionFacts) {
  const bothSigns = hasText && textRatioMax > SECONDARY.textRatio && instabilityDuration >= SECONDARY.duration;
  if (!bothSigns || category === 'NONE') return undefined;
  const other: Record<ArtifactCategory, ArtifactCategory> = {
    TEXT_INCONSISTENCY: 'TEMPORAL_FLICKER',
    TEMPORAL_FLICKER: 'TEXT_INCONSISTENCY',
  };
  return other[category];
}
