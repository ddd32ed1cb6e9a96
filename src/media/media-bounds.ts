/**
 * What a video may be at most. Beyond these a file is taken for a mistake or an attack, not for work: each is several
 * times what a camera makes today.
 */
export const MEDIA_BOUNDS = {
  /** Width times height; 8192 x 8192. */
  pixels: 67_108_864,
  /** Pixels on the longer side. */
  side: 16_384,
  /** Frames a second; slow-motion cameras reach 1000. */
  framesPerSecond: 1_000,
  /** A frame a day: the slowest timelapse. */
  slowestFramesPerSecond: 1 / 86_400,
  /** Seconds of play time: two days. */
  durationSeconds: 172_800,
  /** Streams in one file. */
  streams: 64,
  /** How much wider than high a pixel may be, or the other way round. */
  pixelAspect: 8,
} as const;
