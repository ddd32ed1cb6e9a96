import { maxOf, meanOf, stdOf } from '../statistics.ts';
import { monotonicRatio, rollingVariances } from './confidence-trend.ts';
import type { TextRegion } from './match-regions.ts';
import type { TextChange } from './text-change.ts';

/** The 29 text features, in their order. */
export const TEXT_FEATURES = [
  'has_text_regions',
  'frames_with_text_ratio',
  ...(['mean', 'max', 'std'] as const).map((kind) => `edit_distance_${kind}` as const),
  ...(['mean', 'max', 'std'] as const).map((kind) => `confidence_delta_${kind}` as const),
  ...(['mean', 'max', 'std'] as const).map((kind) => `bbox_shift_${kind}` as const),
  ...(['mean', 'max', 'std'] as const).map((kind) => `ssim_text_crop_${kind}` as const),
  ...(['mean', 'max', 'std'] as const).map((kind) => `char_count_delta_${kind}` as const),
  'global_ssim_at_instability_mean',
  'global_ssim_at_instability_min',
  'global_ssim_at_instability_std',
  'confidence_variance_rolling_mean',
  'confidence_variance_rolling_max',
  'confidence_monotonic_ratio',
  'substitution_ratio_mean',
  'substitution_ratio_max',
  'substitution_ratio_std',
  'text_vs_scene_instability_ratio_mean',
  'text_vs_scene_instability_ratio_max',
  'num_text_regions_detected',
] as const;

export type TextFeatures = Record<(typeof TEXT_FEATURES)[number], number>;

// A still scene would make the ratio infinite.
const LEAST_SCENE_CHANGE = 1e-8;

/** Measures what was read in the frames and how it changed. Without any text all features are 0. */
export function textFeatures(
  frames: readonly (readonly TextRegion[])[],
  changes: readonly TextChange[],
  confidenceWindow: number,
): TextFeatures {
  const withText = frames.filter((regions) => regions.length > 0);
  if (withText.length === 0) return WITHOUT_TEXT;
  const changed = changes.filter(({ editDistance }) => editDistance > 0);
  const unstable = changed.map(({ globalSsim }) => globalSsim);
  const confidences = withText.map((regions) => meanOf(regions.map(({ confidence }) => confidence)));
  const variances = rollingVariances(confidences, confidenceWindow);
  const ratios = changes.map(sceneRatio);
  return {
    has_text_regions: 1,
    frames_with_text_ratio: withText.length / frames.length,
    ...spreadOf(
      'edit_distance',
      changes.map(({ editDistance }) => editDistance),
    ),
    ...spreadOf(
      'confidence_delta',
      changes.map(({ confidenceDelta }) => confidenceDelta),
    ),
    ...spreadOf(
      'bbox_shift',
      changes.map(({ shift }) => shift),
    ),
    ...spreadOf(
      'ssim_text_crop',
      changes.map(({ cropSsim }) => cropSsim),
    ),
    ...spreadOf(
      'char_count_delta',
      changes.map(({ characterCountDelta }) => characterCountDelta),
    ),
    global_ssim_at_instability_mean: meanOf(unstable),
    global_ssim_at_instability_min: Math.min(1, ...unstable),
    global_ssim_at_instability_std: stdOf(unstable),
    confidence_variance_rolling_mean: meanOf(variances),
    confidence_variance_rolling_max: maxOf(variances),
    confidence_monotonic_ratio: monotonicRatio(confidences),
    // A text that did not change has no edits to take a share of.
    ...spreadOf(
      'substitution_ratio',
      changed.map(({ replaced, editDistance }) => replaced / editDistance),
    ),
    text_vs_scene_instability_ratio_mean: meanOf(ratios),
    text_vs_scene_instability_ratio_max: maxOf(ratios),
    num_text_regions_detected: frames.reduce((sum, regions) => sum + regions.length, 0),
  };
}

const WITHOUT_TEXT = Object.fromEntries(TEXT_FEATURES.map((name) => [name, 0])) as TextFeatures;

/** How much of the text changed, over how much of the scene did. */
export function sceneRatio({ editDistance, from, globalSsim }: TextChange): number {
  return editDistance / Math.max(1, [...from.text].length) / Math.max(1 - globalSsim, LEAST_SCENE_CHANGE);
}

function spreadOf<Name extends string>(name: Name, values: readonly number[]) {
  return { [`${name}_mean`]: meanOf(values), [`${name}_max`]: maxOf(values), [`${name}_std`]: stdOf(values) } as Record<
    `${Name}_${'mean' | 'max' | 'std'}`,
    number
  >;
}
