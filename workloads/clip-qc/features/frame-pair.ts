import { histogramCorrelation } from './histogram.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import type { Box, GreyPicture, RgbPicture } from './picture.ts';
import { similarityByPatch } from './structural-similarity.ts';

/** A sampled frame in the forms that are measured. */
export interface MeasuredFrame extends GreyPicture, RgbPicture {
  histogram: Uint32Array;
}

/** What two neighbouring sampled frames have to do with each other. */
export interface FramePair {
  /** SSIM of the whole frames. */
  ssim: number;
  /** Mean distance of the colour values, 0-255. */
  mae: number;
  histogramCorrelation: number;
  /** Share of the patches that are less alike than the spike threshold. */
  patchInstability: number;
  /** The patch that is least alike, in pixels, and its SSIM. */
  worstPatch: Box;
  worstPatchSsim: number;
}

export interface PairRule {
  /** SSIM below which a pair, or a patch of it, is unstable. */
  spikeThreshold: number;
  patchGrid: readonly [columns: number, rows: number];
}

export function measurePair(a: MeasuredFrame, b: MeasuredFrame, { spikeThreshold, patchGrid }: PairRule): FramePair {
  const [columns, rows] = patchGrid;
  const { whole, patches } = similarityByPatch(a, b, columns, rows);
  const worst = patches.indexOf(patches.reduce((least, ssim) => Math.min(least, ssim)));
  const edge = (at: number, parts: number, length: number) => Math.floor((at * length) / parts);
  const [column, row] = [worst % columns, Math.floor(worst / columns)];
  return {
    ssim: whole,
    worstPatchSsim: patches[worst]!,
    mae: meanAbsoluteError(a, b),
    histogramCorrelation: histogramCorrelation(a.histogram, b.histogram),
    patchInstability: patches.filter((ssim) => ssim < spikeThreshold).length / patches.length,
    worstPatch: [
      edge(column, columns, a.width),
      edge(row, rows, a.height),
      edge(column + 1, columns, a.width),
      edge(row + 1, rows, a.height),
    ],
  };
}
