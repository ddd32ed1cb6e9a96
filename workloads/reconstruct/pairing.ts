import type { Pairing } from '#photogrammetry/engine';

export type PairingKind = Pairing['kind'];

/** Pictures by which a vocabulary tree says that a picture resembles them. */
export const TREE_NEIGHBOURS = 60;
// Up to here all pairs are at most three times those of a sequence with its longer jumps, and miss nothing.
const FEW_PICTURES = 60;

/** Which pairs are compared: as the job says, or by what there is. Pictures one by one have no order that means anything. */
export function pairingFor(
  asked: PairingKind | 'auto',
  { kind, frames, hasTree }: { kind: 'video' | 'pictures'; frames: readonly unknown[]; hasTree: boolean },
): PairingKind {
  if (asked !== 'auto') return asked;
  if (kind === 'video') return frames.length <= FEW_PICTURES / 2 ? 'exhaustive' : 'sequential';
  return hasTree && frames.length > FEW_PICTURES ? 'vocabularyTree' : 'exhaustive';
}
