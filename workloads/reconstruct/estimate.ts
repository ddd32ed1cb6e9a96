import type { PairingKind } from './pairing.ts';
import { TREE_NEIGHBOURS } from './pairing.ts';
import { PRESETS } from './presets.ts';

/** What is known of a job before anything is computed. */
export interface Outlook {
  preset: keyof typeof PRESETS;
  /** Frames that will be used, or that can be used at most. */
  frames: number;
  /** Size of a frame. */
  width: number;
  height: number;
  pairing: PairingKind;
  mesh: boolean;
  /** Cores that the engine has. */
  cores: number;
}

export interface Estimate {
  pairs: number;
  features: number;
  /** Memory of the tables in which a pair's features are compared. */
  matchingMiB: number;
  /** Seconds of each step of the engine on the CPU. */
  seconds: { ExtractFeatures: number; MatchFeatures: number; EstimateCameras: number; BuildMesh: number };
}

/**
 * Seconds of one core, from the receipt of `stepreel run reconstruct --example --param preset=low` (docs/performance.md): 34
 * frames of 480x360 with 1,760 features each, all textured; other scenes and cores may take half or three times as long.
 */
const MEASURED = {
  featuresOfMegapixel: 10_200,
  secondsOfMegapixel: 1.8,
  // Domain-size pooling takes features at ten scales instead of one (COLMAP's dsp_num_scales).
  affineTimes: 10,
  features: 1_760,
  secondsOfPair: 0.116,
  secondsOfPlacedFrame: 0.24,
  secondsOfSurface: 16,
};

/** How long the engine's steps will take, and what they take of memory. Dense stereo is not estimated: see docs/decisions/0050. */
export function estimate(outlook: Outlook): Estimate {
  const { frames, width, height, cores, mesh } = outlook;
  const { featureSidePixels, maxFeatures, affine } = PRESETS[outlook.preset];
  const shrink = Math.min(1, featureSidePixels / Math.max(width, height));
  const megapixels = (width * height * shrink ** 2) / 1e6;
  const features = Math.round(Math.min(maxFeatures, MEASURED.featuresOfMegapixel * megapixels));
  const pairs = pairsOf(outlook);
  const share = features / MEASURED.features;
  const extract = frames * megapixels * MEASURED.secondsOfMegapixel * (affine ? MEASURED.affineTimes : 1);
  return {
    pairs,
    features,
    matchingMiB: Math.round((cores * 4 * features ** 2) / 2 ** 20),
    seconds: {
      ExtractFeatures: extract / cores,
      // A brute-force comparison grows with the square of the features.
      MatchFeatures: (pairs * MEASURED.secondsOfPair * share ** 2) / cores,
      EstimateCameras: frames * MEASURED.secondsOfPlacedFrame * share,
      BuildMesh: mesh ? MEASURED.secondsOfSurface / Math.min(cores, 2) : 0,
    },
  };
}

function pairsOf({ frames, pairing, preset }: Outlook): number {
  if (pairing === 'exhaustive') return (frames * (frames - 1)) / 2;
  if (pairing === 'vocabularyTree') return frames * Math.min(TREE_NEIGHBOURS, frames - 1);
  const { overlap } = PRESETS[preset];
  // The neighbours, and those 2, 4, 8, … further on that are no neighbours.
  const jumps = Array.from({ length: overlap }, (_, power) => 2 ** power).filter(
    (jump) => jump > overlap && jump < frames,
  );
  return frames * (Math.min(overlap, frames - 1) + jumps.length);
}
