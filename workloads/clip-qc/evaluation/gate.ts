import { ModelError } from '#core/errors';
import { ARTIFACTS } from '../result.ts';
import { type Evaluation, GATE } from './scores.ts';

/** One reason why a model may not be promoted. */
export type Objection = string;

/**
 * What stands against promoting a model, by its evaluation on hold-out clips: empty if nothing does. The figures are
 * held against today's gate, not against the criteria that the file itself says it has passed.
 * @throws ModelError when the evaluation is of another model.
 */
export function objectionsTo(
  model: { name: string; version: string; sha256: string },
  evaluation: Evaluation,
): Objection[] {
  if (evaluation.model.sha256 !== model.sha256) {
    const { name, version, sha256 } = evaluation.model;
    throw new ModelError(
      `The evaluation is of ${name}@${version} (sha256 ${sha256}), not of ${model.name}@${model.version} (sha256 ${model.sha256}). Evaluate this model.`,
      { details: { expected: model.sha256, found: sha256 } },
    );
  }
  const { clips, failed_clips: failed, per_class: scores } = evaluation;
  return [
    ...(clips < GATE.clips ? [`only ${clips} hold-out clips were judged, at least ${GATE.clips} are needed`] : []),
    ...(failed.length > 0 ? [`${failed.length} clips could not be judged, the first ${failed[0]!.clip_id}`] : []),
    ...ARTIFACTS.flatMap((category) => {
      const score = scores[category];
      if (!score || score.support === 0) return [`no hold-out clip has ${category}`];
      return (['recall', 'precision', 'f1'] as const)
        .filter((what) => score[what] < GATE[what])
        .map((what) => `${category}: ${what} is ${score[what].toFixed(3)}, at least ${GATE[what]} is needed`);
    }),
  ];
}
