/** What the parameters of an annotate job are unless given. */
export const DEFAULTS = {
  every: 3,
  model: 'worksite@1.0.0',
  confidence: 0.25,
  iou: 0.45,
  maxDetections: 300,
  trackConfidence: 0.4,
  locationGapSeconds: 5,
  crf: 23,
} as const;

// Detection sees little of what finer JPEGs hold: the old service sent them at about this quality.
export const JPEG_QUALITY = 3;
