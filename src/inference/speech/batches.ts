import type { Piece } from './windows.ts';

/** How much a model hears at once. */
export interface BatchLimits {
  batchUtterances: number;
  /** Of sound, padding included: what bounds the memory. */
  batchSeconds: number;
}

/** What a model takes at once: one recording, several of one length, or several with a mask over their padding. */
export type CanMix = 'nothing' | 'equal lengths' | 'any lengths';

/**
 * Pieces to hear together, longest first, so that little padding is needed. A model without a mask would hear padding as
 * silence and answer otherwise near the end, so its batches have one length each. A piece longer than the limit goes alone.
 */
export function batchesOf(
  pieces: readonly Piece[],
  canMix: CanMix,
  { batchUtterances, batchSeconds, sampleRateHz }: BatchLimits & { sampleRateHz: number },
): Piece[][] {
  const mostSamples = batchSeconds * sampleRateHz;
  const longestFirst = [...pieces].sort((a, b) => b.samples.length - a.samples.length);
  const batches: Piece[][] = [];
  for (const piece of longestFirst) {
    const open = batches.at(-1);
    const longest = open?.[0]?.samples.length ?? 0;
    const fits =
      open !== undefined &&
      canMix !== 'nothing' &&
      (canMix === 'any lengths' || longest === piece.samples.length) &&
      open.length < batchUtterances &&
      (open.length + 1) * longest <= mostSamples;
    if (fits) open.push(piece);
    else batches.push([piece]);
  }
  return batches;
}
