import type { TextLine } from '#inference/text/text-reader';

// What is read in tiles, leaves and fences is short and full of bars and dots.
const LEAST_CHARACTERS = 2;
const LEAST_LETTER_SHARE = 0.6;

/** Tells a line of text from marks that a reader made something of. */
export function isText({ text, confidence }: Pick<TextLine, 'text' | 'confidence'>, minConfidence: number): boolean {
  const characters = [...text.replaceAll(/\s/g, '')];
  const letters = characters.filter((character) => /[\p{L}\p{N}]/u.test(character)).length;
  return (
    confidence >= minConfidence && letters >= LEAST_CHARACTERS && letters >= LEAST_LETTER_SHARE * characters.length
  );
}
