import { z } from 'zod';
import { CODECS, PRESETS } from '#media/render/encoders';
import { DEFAULTS } from './defaults.ts';

const detectorSchema = z.union([
  z.strictObject({ model: z.string().min(1).describe('A model, as name@version or a folder.') }),
  z.strictObject({ endpoint: z.string().min(1).describe('An endpoint by the name that the operator gave it.') }),
]);

/** The parameters of an annotate job, with their defaults. A parameter that is not here is refused. */
export const annotateParams = z
  .strictObject({
    every: z.int().min(1).optional().describe('Detect on every n-th frame, counted from the first; 3 by default.'),
    fps: z.number().positive().max(1000).optional().describe('Detect on this many frames per second.'),
    model: z.string().min(1).default(DEFAULTS.model).describe('The detector, as name@version or a folder.'),
    detectors: z.array(detectorSchema).min(1).max(5).optional().describe('Several detectors, instead of `model`.'),
    confidence: z.number().min(0).max(1).default(DEFAULTS.confidence).describe('Detections below this are left out.'),
    iou: z.number().min(0).max(1).default(DEFAULTS.iou).describe('Overlap above which the weaker of two boxes goes.'),
    maxDetections: z.int().min(1).max(10_000).default(DEFAULTS.maxDetections).describe('At most so many per frame.'),
    classes: z.array(z.string().min(1)).min(1).optional().describe('Only these classes of the detectors.'),
    track: z.boolean().default(true).describe('Follow objects from frame to frame and number them.'),
    trackConfidence: z
      .number()
      .min(0)
      .max(1)
      .default(DEFAULTS.trackConfidence)
      .describe('An object is numbered from its first detection with this score on.'),
    labels: z.boolean().default(true).describe('Write class and number at each box.'),
    showConfidence: z.boolean().default(true).describe('Write the score at each box.'),
    legend: z.boolean().default(true).describe('Count the classes of the frame in its corner.'),
    codec: z.enum(CODECS).default('h264').describe('Codec of the video.'),
    crf: z.int().min(0).max(63).default(DEFAULTS.crf).describe("Quality on the encoder's scale; lower is better."),
    preset: z.enum(PRESETS).default('medium').describe('Speed of the encoder against size.'),
    locationStart: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('When the video began, for a location file with times of day; its first point by default.'),
    locationGapSeconds: z
      .number()
      .nonnegative()
      .default(DEFAULTS.locationGapSeconds)
      .describe('A point of the location file says nothing about frames further away in time.'),
    framesPerShard: z.int().min(1).default(500).describe('Frames for which another detection task is worth starting.'),
    framesPerSegment: z
      .int()
      .min(1)
      .default(9000)
      .describe('Frames for which another rendering task is worth starting.'),
  })
  .refine(({ every, fps }) => every === undefined || fps === undefined, {
    error: 'give one of every and fps, not both',
    path: ['every'],
  })
  .refine(({ codec, crf }) => crf <= MOST_CRF[codec], {
    error: 'h264 and hevc have a crf of 51 at most',
    path: ['crf'],
  });

const MOST_CRF = { h264: 51, hevc: 51, vp9: 63, av1: 63 } as const;

export type AnnotateParams = z.infer<typeof annotateParams>;
export type DetectorRef = z.infer<typeof detectorSchema>;

const shape = z.object(annotateParams.shape);

/** The part of the parameters that each step reads. WriteReport reads them all. */
export const stepParams = {
  ValidateInput: z.object({}),
  ExtractFrames: shape.pick({ every: true, fps: true }),
  PlanShards: shape.pick({ framesPerShard: true }),
  DetectObjects: shape.pick({
    model: true,
    detectors: true,
    confidence: true,
    iou: true,
    maxDetections: true,
    classes: true,
  }),
  TrackObjects: shape.pick({ track: true, trackConfidence: true, framesPerSegment: true }),
  RenderVideo: shape.pick({
    labels: true,
    showConfidence: true,
    legend: true,
    codec: true,
    crf: true,
    preset: true,
  }),
  JoinSegments: z.object({}),
  WriteReport: annotateParams,
};

/** What a video file's name may end in. */
export const VIDEO_ENDINGS = ['.mp4', '.mov', '.mkv', '.avi', '.webm'];

/** The detectors that the parameters ask for. */
export function detectorsOf({ model, detectors }: Pick<AnnotateParams, 'model' | 'detectors'>): DetectorRef[] {
  return detectors ?? [{ model }];
}

const pictureFactsSchema = z.object({
  timeBase: z.object({ numerator: z.int().positive(), denominator: z.int().positive() }),
  width: z.int().positive(),
  height: z.int().positive(),
  pixelFormat: z.string(),
  pixelAspect: z.string(),
  colour: z.object({ range: z.string(), matrix: z.string(), primaries: z.string(), transfer: z.string() }),
  frameRate: z.string(),
  mastering: z.string().exactOptional(),
  lightLevel: z.object({ content: z.number(), average: z.number() }).exactOptional(),
});

/** The output of ExtractFrames. */
export const extractedSchema = z.object({
  input: z.object({ name: z.string(), sha256: z.string(), bytes: z.int() }),
  facts: pictureFactsSchema,
  frames: z.int().positive(),
  sampled: z.int().positive(),
  /** Decoded with errors and used as they are. */
  damaged: z.int().nonnegative(),
  firstTicks: z.int(),
  lastTicks: z.int(),
  /** For how long the last frame stays. */
  lastDurationTicks: z.int().positive(),
  stoppedAt: z.object({ frame: z.int(), seconds: z.number(), reason: z.string() }).optional(),
});

export type Extracted = z.infer<typeof extractedSchema>;

/** A line of frames.jsonl: a frame of the source by its time stamp, and the picture of a sampled one. */
export const frameSchema = z.object({
  ticks: z.int(),
  key: z.boolean(),
  file: z.string().optional(),
});

export type FrameLine = z.infer<typeof frameSchema>;

/** The output of PlanShards: which of the sampled frames each shard detects on. */
export const shardsSchema = z.object({ shards: z.array(z.object({ first: z.int(), count: z.int() })) });

const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly();

/** A line of a shard's detections.jsonl: one sampled frame; boxes in pixels of the picture that was looked at. */
export const detectedFrameSchema = z.object({
  file: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  detections: z.array(
    z.object({ box: boxSchema, score: z.number(), classIndex: z.int().nonnegative(), label: z.string() }),
  ),
  /** Detectors that gave no answer for this frame. */
  failed: z.array(z.string()).optional(),
});

const usedDetectorSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** Of a model's weights; an endpoint's are not known. */
  sha256: z.string().optional(),
});

/** The output of one shard of DetectObjects. */
export const detectedSchema = z.object({
  images: z.int().nonnegative(),
  detections: z.int().nonnegative(),
  device: z.enum(['cpu', 'gpu']),
  plannedDevice: z.enum(['cpu', 'gpu']),
  detectors: z.array(usedDetectorSchema),
  classes: z.array(z.string()),
});

export type Detected = z.infer<typeof detectedSchema>;

/** A line of tracked.jsonl: one sampled frame of the source; boxes in pixels of the annotated video. */
export const trackedFrameSchema = z.object({
  frame: z.int().nonnegative(),
  seconds: z.number(),
  boxes: z.array(
    z.object({
      box: boxSchema,
      score: z.number(),
      classIndex: z.int().nonnegative(),
      label: z.string(),
      track: z.int().positive().optional(),
      /** Not detected here: put between two frames on which it was. */
      interpolated: z.literal(true).optional(),
    }),
  ),
  failed: z.array(z.string()).optional(),
});

export type TrackedFrame = z.infer<typeof trackedFrameSchema>;

/** The output of TrackObjects. */
export const trackedSchema = z.object({
  frames: z.int().nonnegative(),
  tracks: z.int().nonnegative(),
  /** Which frames of the source each rendering task draws on. */
  segments: z.array(z.object({ first: z.int(), count: z.int() })),
  /** The sampled frame with most to see. */
  posterFrame: z.int().nonnegative(),
});

/** The output of one segment of RenderVideo, and of JoinSegments. `file` is there where the video is whole. */
export const renderedSchema = z.object({
  frames: z.int(),
  file: z.string().optional(),
  changes: z.array(z.string()),
  /** Of the segment: what encoding took from the picture where nothing was drawn. */
  loss: z.object({ squares: z.number(), pixels: z.int() }).optional(),
});

/** The output of WriteReport. */
export const reportedSchema = z.object({
  outcome: z.enum(['complete', 'partial']),
  missing: z.array(z.string()),
  degraded: z.array(z.object({ step: z.string(), reason: z.string() })),
});

/** Names of the files that go from step to step. */
export const FRAMES_FILE = 'frames.jsonl';
export const DETECTIONS_FILE = 'detections.jsonl';
export const TRACKED_FILE = 'tracked.jsonl';
export const SEGMENT_FILE = 'segment.mp4';
export const POSTER_FILE = 'poster.jpg';
