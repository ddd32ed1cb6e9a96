/** What the parameters of a dataset job are unless given; the stage commands show the same. */
export const DEFAULTS = {
  blurThreshold: 100,
  dedupDistance: 5,
  jpegQuality: 3,
  model: 'worksite@1.0.0',
  confidence: 0.25,
  iou: 0.45,
  maxDetections: 300,
} as const;
