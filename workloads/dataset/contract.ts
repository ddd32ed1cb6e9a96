import { z } from 'zod';
import { DEFAULTS } from './defaults.ts';

const sampling = {
  every: z.int().min(1).optional().describe('Keep every n-th frame, counted from the first.'),
  fps: z.number().positive().max(1000).optional().describe('Keep this many frames per second.'),
  times: z
    .array(z.number().nonnegative())
    .min(1)
    .max(10_000)
    .optional()
    .describe('Keep the frames shown at these seconds.'),
};

/** The parameters of a dataset job, with their defaults. A parameter that is not here is refused. */
export const datasetParams = z
  .strictObject({
    ...sampling,
    blur: z.boolean().default(true).describe('Drop blurry frames.'),
    blurThreshold: z
      .number()
      .nonnegative()
      .default(DEFAULTS.blurThreshold)
      .describe('Sharpness (variance of the Laplacian) below which a frame is blurry.'),
    dedup: z.boolean().default(true).describe('Drop near-duplicates of frames already kept.'),
    dedupDistance: z
      .int()
      .min(0)
      .max(64)
      .default(DEFAULTS.dedupDistance)
      .describe('Bits by which two 64-bit perceptual hashes may differ in near-duplicates.'),
    jpegQuality: z
      .int()
      .min(2)
      .max(31)
      .default(DEFAULTS.jpegQuality)
      .describe("The encoder's quantiser: 2 is best, 31 is smallest."),
    keepAll: z.boolean().default(false).describe('Also write the frames that cleaning dropped, under dropped/.'),
    model: z.string().min(1).default(DEFAULTS.model).describe('The detector, as name@version or a folder.'),
    confidence: z
      .number()
      .min(0)
      .max(1)
      .default(DEFAULTS.confidence)
      .describe('Detections below this score are left out.'),
    iou: z
      .number()
      .min(0)
      .max(1)
      .default(DEFAULTS.iou)
      .describe('Overlap above which the weaker of two boxes of a class is left out.'),
    maxDetections: z
      .int()
      .min(1)
      .max(10_000)
      .default(DEFAULTS.maxDetections)
      .describe('At most this many detections per frame.'),
    classes: z.array(z.string().min(1)).min(1).optional().describe('Only these classes of the model.'),
    formats: z
      .array(z.enum(['coco', 'yolo', 'voc']))
      .default(['coco'])
      .describe('Label formats beside COCO, which is always written.'),
    split: z
      .strictObject({
        train: z.number().min(0).max(1),
        val: z.number().min(0).max(1),
        test: z.number().min(0).max(1).default(0),
        seed: z.int().default(0),
        // Wider than dedupDistance: frames that cleaning kept are further apart than that, and may still show the same.
        distance: z.int().min(0).max(64).default(12),
      })
      .refine(({ train, val, test }) => Math.abs(train + val + test - 1) < 1e-6, 'the shares must add up to 1')
      .optional()
      .describe('Shares of a train/val/test split that keeps near-duplicates together.'),
    framesPerShard: z.int().min(1).default(500).describe('Frames for which another detection task is worth starting.'),
  })
  .refine(({ every, fps, times }) => [every, fps, times].filter((given) => given !== undefined).length <= 1, {
    error: 'give one of every, fps and times, not several',
    path: ['every'],
  });

export type DatasetParams = z.infer<typeof datasetParams>;

const shape = z.object(datasetParams.shape);

/** The part of the parameters that each step reads. WriteReport reads them all. */
export const stepParams = {
  ValidateInput: z.object({}),
  ExtractFrames: shape.pick({
    every: true,
    fps: true,
    times: true,
    blur: true,
    blurThreshold: true,
    dedup: true,
    dedupDistance: true,
    jpegQuality: true,
    keepAll: true,
  }),
  PlanShards: shape.pick({ framesPerShard: true, blurThreshold: true }),
  DetectObjects: shape.pick({ model: true, confidence: true, iou: true, classes: true, maxDetections: true }),
  WriteReport: datasetParams,
};

/** What a video file's name may end in. */
export const VIDEO_ENDINGS = ['.mp4', '.mov', '.mkv', '.avi', '.webm'];

/** What cleaning found out about one sampled frame; a line of frames.jsonl. */
export const frameSchema = z.object({
  index: z.int().nonnegative(),
  seconds: z.number(),
  verdict: z.enum(['kept', 'blurry', 'duplicate']),
  sharpness: z.number(),
  hash: z.string().regex(/^[0-9a-f]{16}$/),
  duplicateOf: z.int().nonnegative().optional(),
  file: z.string().optional(),
});

export type FrameLine = z.infer<typeof frameSchema>;

/** The output of ExtractFrames. Lengths in seconds, sizes in pixels. */
export const extractedSchema = z.object({
  input: z.object({ name: z.string(), sha256: z.string(), bytes: z.int() }),
  decoded: z.int().nonnegative(),
  /** Decoded with errors and used as they are. */
  damaged: z.int().nonnegative(),
  sampled: z.int().nonnegative(),
  kept: z.int().nonnegative(),
  blurry: z.int().nonnegative(),
  duplicates: z.int().nonnegative(),
  width: z.int().positive(),
  height: z.int().positive(),
  durationSeconds: z.number().nonnegative(),
  stoppedAt: z.object({ frame: z.int(), seconds: z.number(), reason: z.string() }).optional(),
});

export type Extracted = z.infer<typeof extractedSchema>;

/** The output of PlanShards: which of the kept frames each shard detects on. */
export const shardsSchema = z.object({ shards: z.array(z.object({ first: z.int(), count: z.int() })) });

/** The output of one shard of DetectObjects. */
export const detectedSchema = z.object({
  images: z.int().nonnegative(),
  detections: z.int().nonnegative(),
  device: z.enum(['cpu', 'gpu']),
  plannedDevice: z.enum(['cpu', 'gpu']),
  model: z.object({ name: z.string(), version: z.string(), sha256: z.string(), classes: z.array(z.string()) }),
});

export type Detected = z.infer<typeof detectedSchema>;

/** The output of WriteReport. */
export const reportedSchema = z.object({
  outcome: z.enum(['complete', 'partial']),
  missing: z.array(z.string()),
  degraded: z.array(z.object({ step: z.string(), reason: z.string() })),
});

/** Names of the files that go from step to step. */
export const FRAMES_FILE = 'frames.jsonl';
export const DETECTIONS_FILE = 'detections.jsonl';
