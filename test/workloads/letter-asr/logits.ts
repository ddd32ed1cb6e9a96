import type { Logits } from '#inference/speech/acoustic-model';
import type { Vocabulary } from '#workloads/letter-asr/decode/vocabulary';

export const VOCABULARY: Vocabulary = {
  tokens: ['<pad>', '|', 'b', 'd', 'iː', 'eɪ', 'k', 's', '<unk>'],
  blank: '<pad>',
  separator: '|',
  frameSeconds: 0.02,
};

/** A frame: a token and its probability; the others share what is left. */
export type Frame = string | [token: string, probability: number];

/** Logits whose softmax is these frames. */
export function logitsOf(frames: readonly Frame[], { tokens } = VOCABULARY): Logits {
  const values = new Float32Array(frames.length * tokens.length);
  for (const [at, frame] of frames.entries()) {
    const [token, probability] = typeof frame === 'string' ? [frame, 0.9] : frame;
    const others = (1 - probability) / (tokens.length - 1);
    for (const [column, name] of tokens.entries()) {
      values[at * tokens.length + column] = Math.log(name === token ? probability : others);
    }
  }
  return { frames: frames.length, tokens: tokens.length, values, engine: 'test' };
}
