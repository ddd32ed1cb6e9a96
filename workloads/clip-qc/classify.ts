import { ModelError } from '#core/errors';
import { loadTableClassifier } from '#inference/models';
import { openTableClassifier } from '#inference/table-classifier';
import type { Probabilities } from './decide.ts';
import { FEATURE_SETS, type FeatureSetVersion, type Features, vectorOf } from './features/feature-set.ts';
import { CATEGORIES } from './result.ts';

/** Tells how likely each category is for a clip with these features. */
export interface ClipClassifier {
  classify(features: Features): Promise<Probabilities>;
  close(): Promise<void>;
}

/**
 * Opens the classifier of a model folder.
 * @throws ModelError when it is for another task, another version of the feature set, other features or other categories.
 */
export async function openClipClassifier(folder: string): Promise<ClipClassifier> {
  const model = await loadTableClassifier(folder);
  const ref = `${model.name}@${model.version}`;
  const { featureSet, features } = model.input;
  requireFeatureSet(ref, featureSet);
  requireSame(ref, 'features', features, FEATURE_SETS[featureSet]);
  requireSame(ref, 'classes', model.classes.toSorted(), CATEGORIES.toSorted());
  const classifier = await openTableClassifier(model);
  return {
    classify: async (measured) => {
      const found = await classifier.classify(vectorOf(measured, featureSet));
      return Object.fromEntries(
        CATEGORIES.map((name) => [name, Math.min(1, Math.max(0, found[name]!))]),
      ) as Probabilities;
    },
    close: () => classifier.close(),
  };
}

function requireFeatureSet(ref: string, version: number): asserts version is FeatureSetVersion {
  if (Object.hasOwn(FEATURE_SETS, version)) return;
  const known = Object.keys(FEATURE_SETS).join(', ');
  throw new ModelError(
    `${ref} was trained on feature set ${version}; this Stepreel measures the sets ${known}. Train it again, or use the Stepreel it was made with.`,
    { details: { found: version, known } },
  );
}

function requireSame(ref: string, what: string, found: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((name, index) => found[index] !== name);
  if (at < 0 && found.length === expected.length) return;
  const place = at < 0 ? expected.length : at;
  throw new ModelError(
    `${ref} has other ${what} than are measured: expected ${expected[place] ?? 'no more'} at place ${place + 1}, found ${found[place] ?? 'none'}. Train it again.`,
  );
}
