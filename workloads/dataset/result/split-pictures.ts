import { checkSplits, type QualityCheck } from '#annotation/quality';
import { type Split, splitPictures } from '#annotation/split';
import type { Artifact } from '#core/artifact';
import type { DatasetParams } from '../contract.ts';
import type { DatasetPicture } from './pictures.ts';

/** Deals the pictures out as the job asks, near-duplicates together, and checks that nothing leaks. */
export function dealOut(
  pictures: DatasetPicture[],
  files: Artifact[],
  { split }: Pick<DatasetParams, 'split'>,
): { splits?: Split[]; checks: QualityCheck[] } {
  if (split === undefined) return { checks: [] };
  const { seed, distance, ...shares } = split;
  const items = pictures.map(({ file, hash }) => ({ id: file, hash }));
  const splits = splitPictures(items, { shares, seed, distance });
  const digests = new Map(files.map(({ name, sha256 }) => [name, sha256]));
  const dealt = pictures.map(({ file, hash }, at) => ({
    file,
    hash,
    split: splits[at]!,
    sha256: digests.get(`images/${file}`)!,
  }));
  return { splits, checks: checkSplits(dealt, distance) };
}
