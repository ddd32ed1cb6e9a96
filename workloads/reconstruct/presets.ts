/** What a preset stands for. */
export interface Preset {
  /** The longer side that pictures are scaled down to before features are looked for. */
  featureSidePixels: number;
  /** Features of a picture, and matches of a pair: there can't be more of these. */
  maxFeatures: number;
  /** Affine shape and pooled scales of features. */
  affine: boolean;
  /** Neighbours on each side that a video's frame is compared with. */
  overlap: number;
  /** Rounds of each bundle adjustment over all cameras. */
  adjustmentRounds: number;
  /** The longer side at which dense depth is computed. */
  denseSidePixels: number;
  /** Octree depth of the surface. */
  meshDepth: number;
}

/** The one table of presets; docs/decisions/0050 says how it was chosen. */
export const PRESETS = {
  low: {
    ...{ featureSidePixels: 1600, maxFeatures: 4_096, affine: false, overlap: 8 },
    ...{ adjustmentRounds: 20, denseSidePixels: 1000, meshDepth: 8 },
  },
  medium: {
    ...{ featureSidePixels: 2400, maxFeatures: 8_192, affine: false, overlap: 10 },
    ...{ adjustmentRounds: 50, denseSidePixels: 2000, meshDepth: 9 },
  },
  high: {
    ...{ featureSidePixels: 3200, maxFeatures: 12_288, affine: true, overlap: 12 },
    ...{ adjustmentRounds: 100, denseSidePixels: 3200, meshDepth: 10 },
  },
} as const satisfies Record<string, Preset>;

export const PRESET_NAMES = Object.keys(PRESETS) as [keyof typeof PRESETS, ...(keyof typeof PRESETS)[]];
