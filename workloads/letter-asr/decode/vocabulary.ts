import { ModelError } from '#core/errors';
import type { AcousticModel, Logits } from '#inference/speech/acoustic-model';

/** What a decoder has to know of the model. */
export type Vocabulary = Pick<AcousticModel, 'tokens' | 'blank' | 'separator' | 'frameSeconds'>;

/** @throws ModelError for logits that are not rows of this vocabulary: they would be read as other letters. */
export function requireFit({ frames, tokens, values }: Logits, vocabulary: Vocabulary): void {
  const expected = vocabulary.tokens.length;
  if (tokens === expected && values.length === frames * tokens && vocabulary.tokens.includes(vocabulary.blank)) return;
  throw new ModelError(
    `Expected ${frames} rows of ${expected} logits, one for each token and the blank ${vocabulary.blank} among them, found ${values.length} numbers in rows of ${tokens}. Decode with the vocabulary of the model that heard.`,
    { details: { frames, expected, tokens, values: values.length } },
  );
}
