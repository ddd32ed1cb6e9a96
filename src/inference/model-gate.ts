import { z } from 'zod';
import { ModelError } from '#core/errors';
import type { AnyModelDescription } from './models.ts';

/** The evaluation of a model by measures that its model.json has a gate for. */
export const measuresSchema = z.object({
  model: z.object({ sha256: z.string() }),
  metrics: z.record(z.string(), z.number()),
});

export type Measures = z.infer<typeof measuresSchema>;

/**
 * What stands against promoting a model: every measure of its gate that is missing or too low.
 * @throws ModelError for the evaluation of other weights, or a model without a gate.
 */
export function gateObjections(model: AnyModelDescription, { model: evaluated, metrics }: Measures): string[] {
  const { name, version, weights, gate } = model;
  if (!gate || Object.keys(gate).length === 0) {
    throw new ModelError(
      `${name}@${version} has no gate, so nothing says when it is good enough. State "gate": {"measure": least} in its model.json.`,
    );
  }
  if (evaluated.sha256 !== weights.sha256) {
    throw new ModelError(
      `The evaluation is of other weights (sha256 ${evaluated.sha256}) than those of ${name}@${version} (${weights.sha256}). Evaluate this model.`,
    );
  }
  return Object.entries(gate).flatMap(([measure, least]) => {
    const found = metrics[measure];
    if (found === undefined) return [`the evaluation says nothing of ${measure}, at least ${least} is needed`];
    return found >= least ? [] : [`${measure} is ${found}, at least ${least} is needed`];
  });
}
