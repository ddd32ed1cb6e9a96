import type { ClipClassifier } from './classify.ts';
import type { ClipQcParams, Sampled } from './contract.ts';
import { type Decision, decide } from './decide.ts';
import { toEvidence } from './evidence/evidence.ts';
import { temporalEvidence } from './evidence/temporal-evidence.ts';
import { textEvidence } from './evidence/text-evidence.ts';
import type { Features } from './features/feature-set.ts';
import type { ClipMeasures } from './measure-clip.ts';
import { type Evidence, type Finding, findingSchema } from './result.ts';

interface JudgeRequest {
  clipId: string;
  sampled: Pick<Sampled, 'frames' | 'stoppedAt'>;
  measures: ClipMeasures;
  classifier: ClipClassifier;
  params: ClipQcParams;
}

// Below this many frames there is little to tell a flicker from a cut by: two segments of the least length need more.
const FEW_FRAMES = 8;

/** What is found in a measured clip, and what shows it. */
export async function judgeClip({ clipId, sampled, measures, classifier, params }: JudgeRequest): Promise<Finding> {
  const frames = sampled.frames.length;
  const { probabilities, ...decision } = await verdictOn(measures.features, frames, classifier, params.threshold);
  return findingSchema.parse({
    clipId,
    ...decision,
    probabilities,
    evidence: evidenceFor(decision, measures, sampled, params),
    warnings: warningsOf(sampled, measures),
  });
}

/** The verdict on a clip of so many sampled frames, by its features alone. */
export async function verdictOn(
  features: Features,
  frames: number,
  classifier: ClipClassifier,
  threshold: number,
): Promise<Decision & Pick<Finding, 'probabilities'>> {
  const probabilities = await classifier.classify(features);
  const facts = {
    hasText: features.has_text_regions === 1,
    textRatioMax: features.text_vs_scene_instability_ratio_max,
    instabilityDuration: features.instability_duration,
  };
  return { ...showable(decide(probabilities, facts, threshold), frames), probabilities };
}

/** A single frame can neither flicker nor change its text: whatever its features are like, nothing is to be shown. */
function showable(decision: Decision, frames: number): Decision {
  if (frames > 1 || !decision.artifact) return decision;
  const { secondary: _nothing, ...rest } = decision;
  return { ...rest, artifact: false, category: 'NONE', override: 'a single frame can not change' };
}

function evidenceFor(
  { category }: Decision,
  measures: ClipMeasures,
  { frames }: JudgeRequest['sampled'],
  params: ClipQcParams,
): Evidence | null {
  if (category === 'NONE') return null;
  const found =
    category === 'TEXT_INCONSISTENCY' ? textEvidence(measures, params) : temporalEvidence(measures, params.spikeSsim);
  return toEvidence(found, frames);
}

function warningsOf({ frames, stoppedAt }: JudgeRequest['sampled'], { pairs, temporal }: ClipMeasures): string[] {
  const still = pairs.length > 0 && pairs.every(({ mae }) => mae === 0);
  return [
    ...(stoppedAt
      ? [`the clip broke off at frame ${stoppedAt.frame} (${stoppedAt.seconds.toFixed(3)} s): ${stoppedAt.reason}`]
      : []),
    ...(frames.length < FEW_FRAMES ? [`only ${frames.length} frames were sampled: too few to be sure of flicker`] : []),
    ...(temporal.segments.length === 0 ? ['no stretch between cuts is long enough to look for flicker in'] : []),
    ...(still ? ['all frames are the same: this is a still picture'] : []),
  ];
}
