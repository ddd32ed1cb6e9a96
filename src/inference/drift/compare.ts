import { InputError } from '#core/errors';
import { FEWEST, type FeatureDrift, featureDrift, type Sample } from './stability.ts';

/**
 * Compares all features that two samples have, in their order. @throws InputError when they have none in common, of other
 * kinds under one name, or too few values to tell.
 */
export function compareSamples(reference: Sample, recent: Sample): FeatureDrift[] {
  const common = Object.keys(reference).filter((feature) => Object.hasOwn(recent, feature));
  if (common.length === 0) {
    throw new InputError(
      `The samples have nothing in common: the reference has ${listed(reference)}, the recent inputs have ${listed(recent)}. Compare inputs of one kind.`,
    );
  }
  return common.map((feature) => {
    const [before, after] = [reference[feature]!, recent[feature]!];
    if (typeof before[0] !== typeof after[0]) {
      throw new InputError(
        `${feature} is ${typeof before[0]} in the reference and ${typeof after[0]} in the recent inputs.`,
      );
    }
    const fewest = Math.min(before.length, after.length);
    if (fewest < FEWEST) {
      throw new InputError(
        `${feature} has ${before.length} values in the reference and ${after.length} in the recent inputs; at least ${FEWEST} of each are needed. Take more inputs.`,
      );
    }
    return featureDrift(feature, before, after);
  });
}

function listed(sample: Sample): string {
  return Object.keys(sample).join(', ') || 'none';
}
