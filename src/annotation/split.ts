import { createHash } from 'node:crypto';
import { type Hash64, nearPairs } from './near-pairs.ts';

export const SPLITS = ['train', 'val', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** The share of the pictures that each split gets; they add up to 1. */
export type SplitShares = Record<Split, number>;

export interface SplittablePicture {
  /** Distinguishes the picture, and decides with the seed where it goes. */
  id: string;
  /** Its perceptual hash; a picture without one is near to none. */
  hash: Hash64 | null;
}

export interface SplitRule {
  shares: SplitShares;
  seed: number;
  /** Pictures whose hashes differ in at most this many bits come into the same split. */
  distance: number;
}

/**
 * Deals pictures out to train, val and test so that near-duplicates stay together.
 *
 * Pictures within `distance` of each other form a group, and so do those that a chain of such pairs connects
 * (union-find). The groups, the largest first and equal ones in the order of a hash of seed and first member, go one
 * after the other to the split that lacks most pictures of its share. The order of the input does not matter.
 * @returns the split of each picture, in the order of the input.
 */
export function splitPictures(pictures: readonly SplittablePicture[], { shares, seed, distance }: SplitRule): Split[] {
  const lacking = SPLITS.map((split) => ({ split, pictures: shares[split] * pictures.length }));
  const splitOf = new Map<string, Split>();
  for (const group of orderedGroups(pictures, distance, seed)) {
    const neediest = lacking.reduce((most, candidate) => (candidate.pictures > most.pictures ? candidate : most));
    neediest.pictures -= group.length;
    for (const id of group) splitOf.set(id, neediest.split);
  }
  return pictures.map(({ id }) => splitOf.get(id)!);
}

/** Ids of pictures that must stay together, in the order in which they are dealt out. */
function orderedGroups(pictures: readonly SplittablePicture[], distance: number, seed: number): string[][] {
  const groups = nearGroups(pictures, distance).map((group) => ({
    ids: group.sort(),
    order: createHash('sha256').update(`${seed}\n${group[0]}`).digest('hex'),
  }));
  groups.sort((a, b) => b.ids.length - a.ids.length || (a.order < b.order ? -1 : 1));
  return groups.map(({ ids }) => ids);
}

function nearGroups(pictures: readonly SplittablePicture[], distance: number): string[][] {
  const idsByHash = new Map<Hash64, string[]>();
  const alone: string[][] = [];
  for (const { id, hash } of pictures) {
    if (hash === null) alone.push([id]);
    else idsByHash.set(hash, [...(idsByHash.get(hash) ?? []), id]);
  }
  const hashes = [...idsByHash.keys()];
  const roots = connect(hashes.length, nearPairs(hashes, distance));
  const groups = Map.groupBy(roots.keys(), (position) => roots[position]!);
  const together = [...groups.values()].map((positions) => positions.flatMap((at) => idsByHash.get(hashes[at]!)!));
  return [...together, ...alone];
}

/** Union-find with path halving: for each position, the one that stands for all that the pairs connect with it. */
function connect(count: number, pairs: Iterable<readonly [number, number]>): number[] {
  const parents = Array.from({ length: count }, (_, position) => position);
  const rootOf = (position: number) => {
    let at = position;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  for (const [a, b] of pairs) parents[rootOf(a)] = rootOf(b);
  return parents.map((_, position) => rootOf(position));
}
