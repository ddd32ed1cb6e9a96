import type { Logits } from '#inference/speech/acoustic-model';

/** Whether a token is so likely in a frame that each other one is less likely than it by more than `apart`, a logarithm. */
export function isSure({ values, tokens }: Logits, frame: number, token: number, apart: number): boolean {
  const row = frame * tokens;
  const most = values[row + token]! - apart;
  for (let at = 0; at < tokens; at += 1) if (values[row + at]! >= most && at !== token) return false;
  return true;
}

/**
 * The logarithm of the softmax of a frame, into `logs`. The row's maximum is taken out first, so extreme logits do not
 * overflow. @returns the greatest.
 */
export function logProbabilities({ values, tokens }: Logits, frame: number, logs: Float64Array): number {
  const row = frame * tokens;
  let most = values[row]!;
  for (let at = 1; at < tokens; at += 1) if (values[row + at]! > most) most = values[row + at]!;
  let sum = 0;
  for (let at = 0; at < tokens; at += 1) sum += Math.exp(values[row + at]! - most);
  const whole = most + Math.log(sum);
  for (let at = 0; at < tokens; at += 1) logs[at] = values[row + at]! - whole;
  return most - whole;
}
