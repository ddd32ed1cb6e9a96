import type { GreyPicture } from './picture.ts';

/** How many pixels have each of the 256 grey values. */
export function histogramOf({ grey }: GreyPicture): Uint32Array {
  const counts = new Uint32Array(256);
  for (let at = 0; at < grey.length; at += 1) counts[grey[at]!]! += 1;
  return counts;
}

/** Pearson's correlation of two histograms; 1 where either is flat, as two of these can't be told apart. */
export function histogramCorrelation(a: Uint32Array, b: Uint32Array): number {
  const [meanA, meanB] = [total(a) / a.length, total(b) / b.length];
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let value = 0; value < a.length; value += 1) {
    const [da, db] = [a[value]! - meanA, b[value]! - meanB];
    product += da * db;
    squaresA += da * da;
    squaresB += db * db;
  }
  const scale = Math.sqrt(squaresA * squaresB);
  return scale === 0 ? 1 : product / scale;
}

function total(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
