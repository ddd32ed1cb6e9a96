import type { Candidate } from '#annotation/detections';
import type { TensorValue } from '../../session.ts';

/** Turns the outputs of one family of models into candidates. */
export interface Head {
  /** Names of the outputs that it reads. */
  tensors: readonly string[];
  /** True when the model proposes one object many times, so that suppression is needed. */
  needsSuppression: boolean;
  /**
   * The candidates with `score >= confidence`, with corners in pixels of the model's input, in the model's order.
   * @throws ModelError when the outputs have another shape than model.json says.
   */
  decode(outputs: Record<string, TensorValue>, wanted: WantedCandidates): Candidate[];
}

export interface WantedCandidates {
  confidence: number;
  /** True for the class indices that are asked for. */
  wants(classIndex: number): boolean;
}

/** The logistic function, which makes a probability of a logit. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
