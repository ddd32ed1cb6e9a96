import type { Logits } from '#inference/speech/acoustic-model';

/** Logarithms of probabilities, row by row. */
export interface LogProbabilities {
  frames: number;
  tokens: number;
  values: Float64Array;
}

/** The logarithm of each row's softmax. The row's maximum is taken out first, so extreme logits do not overflow. */
export function logProbabilities({ frames, tokens, values }: Logits): LogProbabilities {
  const logs = new Float64Array(frames * tokens);
  for (let row = 0; row < logs.length; row += tokens) {
    let most = Number.NEGATIVE_INFINITY;
    for (let at = row; at < row + tokens; at += 1) most = Math.max(most, values[at]!);
    let sum = 0;
    for (let at = row; at < row + tokens; at += 1) sum += Math.exp(values[at]! - most);
    const whole = most + Math.log(sum);
    for (let at = row; at < row + tokens; at += 1) logs[at] = values[at]! - whole;
  }
  return { frames, tokens, values: logs };
}
