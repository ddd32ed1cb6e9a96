import type { FramePair } from '../frame-pair.ts';
import { maxOf, meanOf, stdOf } from '../statistics.ts';

/** The 14 temporal features of feature set 1, in their order. */
export const SEGMENT_FEATURES = [
  'ssim_mean',
  'ssim_min',
  'ssim_std',
  'mae_mean',
  'mae_max',
  'hist_corr_mean',
  'hist_corr_min',
  'patch_instability_mean',
  'patch_instability_max',
  'diff_acceleration_mean',
  'diff_acceleration_max',
  'instability_duration',
  'post_spike_stability',
  'spike_isolation_ratio',
] as const;

export type SegmentFeatures = Record<(typeof SEGMENT_FEATURES)[number], number>;

export interface SpikeRule {
  /** SSIM below which a pair is a spike. */
  spikeThreshold: number;
  /** How many pairs after the worst one are asked whether the picture has settled. */
  postSpikePairs: number;
}

/** What a clip without a segment to judge is taken for. */
export const STABLE: SegmentFeatures = {
  ssim_mean: 1,
  ssim_min: 1,
  ssim_std: 0,
  mae_mean: 0,
  mae_max: 0,
  hist_corr_mean: 1,
  hist_corr_min: 1,
  patch_instability_mean: 0,
  patch_instability_max: 0,
  diff_acceleration_mean: 0,
  diff_acceleration_max: 0,
  instability_duration: 0,
  post_spike_stability: 1,
  spike_isolation_ratio: 1,
};

/** Measures the pairs of one segment, of which there is at least one. */
export function segmentFeatures(pairs: readonly FramePair[], { spikeThreshold, postSpikePairs }: SpikeRule) {
  const ssim = pairs.map((pair) => pair.ssim);
  const histograms = pairs.map((pair) => pair.histogramCorrelation);
  const patches = pairs.map((pair) => pair.patchInstability);
  const accelerations = diffAccelerations(pairs.map(({ mae }) => mae));
  const spikes = ssim.map((value) => value < spikeThreshold);
  const afterWorst = ssim.slice(worstPair(ssim) + 1, worstPair(ssim) + 1 + postSpikePairs);
  return {
    ssim_mean: meanOf(ssim),
    ssim_min: Math.min(...ssim),
    ssim_std: stdOf(ssim),
    mae_mean: meanOf(pairs.map(({ mae }) => mae)),
    mae_max: maxOf(pairs.map(({ mae }) => mae)),
    hist_corr_mean: meanOf(histograms),
    hist_corr_min: Math.min(...histograms),
    patch_instability_mean: meanOf(patches),
    patch_instability_max: maxOf(patches),
    diff_acceleration_mean: meanOf(accelerations),
    diff_acceleration_max: maxOf(accelerations),
    instability_duration: longestRun(spikes),
    post_spike_stability: afterWorst.length === 0 ? 1 : meanOf(afterWorst),
    spike_isolation_ratio: spikes.filter(Boolean).length / spikes.length,
  } satisfies SegmentFeatures;
}

/** The pair that is least alike; of equal ones the first. */
export function worstPair(ssim: readonly number[]): number {
  return ssim.indexOf(Math.min(...ssim));
}

/** By how much the difference of frames changes from each pair to the next; 0 for the last pair, which has none. */
export function diffAccelerations(mae: readonly number[]): number[] {
  return mae.map((value, pair) => (pair + 1 < mae.length ? Math.abs(mae[pair + 1]! - value) : 0));
}

function longestRun(spikes: readonly boolean[]): number {
  let [run, longest] = [0, 0];
  for (const spike of spikes) {
    run = spike ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
