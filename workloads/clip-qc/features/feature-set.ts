import { ContractError } from '#core/errors';
import type { Persistence } from './temporal/persistence.ts';
import { SEGMENT_FEATURES, type SegmentFeatures } from './temporal/segment-features.ts';
import { TEXT_FEATURES, type TextFeatures } from './text/text-features.ts';

/** Features that feature set 2 adds at the end. */
export const CLIP_FEATURES = [
  'histogram_shift_persistence',
  'content_change_persistence',
  'num_scene_cuts',
  'total_spike_frames',
  'worst_segment_spike_ratio',
] as const;

export type ClipFeatures = Persistence & Record<Exclude<(typeof CLIP_FEATURES)[number], keyof Persistence>, number>;

/** Everything that is measured of a clip, by name. */
export type Features = TextFeatures & SegmentFeatures & ClipFeatures;

/** The order of the features, by version of the set. A version is never changed: what is added makes another one. */
export const FEATURE_SETS = {
  1: [...TEXT_FEATURES, ...SEGMENT_FEATURES],
  2: [...TEXT_FEATURES, ...SEGMENT_FEATURES, ...CLIP_FEATURES],
} as const satisfies Record<number, readonly (keyof Features)[]>;

export type FeatureSetVersion = keyof typeof FEATURE_SETS;

/** The version that is measured and written down; it holds the earlier ones. */
export const FEATURE_SET: FeatureSetVersion = 2;

/** The features of a set as the numbers that a model takes. @throws ContractError when one is missing or no number. */
export function vectorOf(features: Readonly<Partial<Features>>, version: FeatureSetVersion): Float32Array {
  const names: readonly (keyof Features)[] = FEATURE_SETS[version];
  const wrong = names.filter((name) => !Number.isFinite(features[name]));
  if (wrong.length > 0) {
    throw new ContractError(`Feature set ${version} needs finite numbers; these are none: ${wrong.join(', ')}.`, {
      details: { wrong },
    });
  }
  return Float32Array.from(names, (name) => features[name]!);
}
