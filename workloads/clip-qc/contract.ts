import { z } from 'zod';
import { DEFAULTS } from './defaults.ts';
import { findingSchema } from './result.ts';

const ssim = z.number().min(-1).max(1);
const share = z.number().min(0).max(1);

/** The parameters of a clip-qc job, with their defaults. A parameter that is not here is refused. */
export const clipQcParams = z.strictObject({
  sampleFps: z.number().positive().max(60).default(DEFAULTS.sampleFps).describe('Frames a second that are looked at.'),
  maxSeconds: z.number().positive().max(60).default(DEFAULTS.maxSeconds).describe('What is shown later is left out.'),
  maxHeight: z
    .int()
    .min(16)
    .max(2160)
    .default(DEFAULTS.maxHeight)
    .describe('Higher pictures are scaled down to so many rows.'),
  textEngine: z
    .enum(['tesseract.js', 'tesseract', 'auto'])
    .default(DEFAULTS.textEngine)
    .describe('What reads text: the engine that comes along, the native program, or whichever of them is there.'),
  ocrSkipSsim: ssim
    .default(DEFAULTS.ocrSkipSsim)
    .describe('A frame or place more alike to the one before than this is not read again.'),
  minTextConfidence: share
    .default(DEFAULTS.minTextConfidence)
    .describe('Lines that the reader is less sure of are taken for something else than text.'),
  regionOverlap: share
    .default(DEFAULTS.regionOverlap)
    .describe('Overlap (IoU) from which on boxes of neighbouring frames are the same text.'),
  editDistance: z
    .int()
    .nonnegative()
    .default(DEFAULTS.editDistance)
    .describe('Strict evidence of a text needs more changed characters than this.'),
  globalSsimFloor: ssim
    .default(DEFAULTS.globalSsimFloor)
    .describe('Strict evidence of a text needs a scene that stays more alike than this.'),
  confidenceDrop: share
    .default(DEFAULTS.confidenceDrop)
    .describe('Change of the reading confidence that counts as a weaker sign.'),
  confidenceWindow: z
    .int()
    .min(2)
    .max(100)
    .default(DEFAULTS.confidenceWindow)
    .describe('Frames over which the variance of the reading confidence is taken.'),
  spikeSsim: ssim.default(DEFAULTS.spikeSsim).describe('Neighbouring frames less alike than this are unstable.'),
  patchGrid: z
    .tuple([z.int().min(1).max(32), z.int().min(1).max(32)])
    .default([...DEFAULTS.patchGrid])
    .describe('Columns and rows of the patches that are compared.'),
  cutSsim: ssim.default(DEFAULTS.cutSsim).describe('Frames less alike than this may have a cut between them.'),
  cutConfirmingPairs: z
    .int()
    .min(1)
    .max(100)
    .default(DEFAULTS.cutConfirmingPairs)
    .describe('So many steady pairs after it confirm a cut.'),
  cutConfirmedSsim: ssim.default(DEFAULTS.cutConfirmedSsim).describe('How alike each of these must be.'),
  minSegmentFrames: z
    .int()
    .min(2)
    .max(1000)
    .default(DEFAULTS.minSegmentFrames)
    .describe('Stretches between cuts of fewer frames are not judged.'),
  postSpikePairs: z
    .int()
    .min(1)
    .max(100)
    .default(DEFAULTS.postSpikePairs)
    .describe('Pairs after the worst one that tell whether the picture has settled.'),
  persistenceOffset: z
    .int()
    .min(1)
    .max(100)
    .default(DEFAULTS.persistenceOffset)
    .describe('Frames before and after a spike that tell whether the picture came back.'),
  threshold: share
    .default(DEFAULTS.threshold)
    .describe('A clip has an artifact if P(NONE) is below this: 0.6-0.7 for gates, 0.3-0.4 for triage.'),
  model: z.string().min(1).default(DEFAULTS.model).describe('The classifier, as name@version or a folder.'),
});

export type ClipQcParams = z.infer<typeof clipQcParams>;

/** The parameters a step reads: what else changes does not make its output another one. */
const shape = z.object(clipQcParams.shape);
export const stepParams = {
  ValidateInput: z.object({}),
  SampleFrames: shape.pick({ sampleFps: true, maxSeconds: true, maxHeight: true }),
  MeasureClip: clipQcParams,
  WriteReport: clipQcParams,
};

/** What a video file's name may end in. */
export const VIDEO_ENDINGS = ['.mp4', '.mov', '.mkv', '.avi', '.webm'];

/** The output of SampleFrames. */
export const sampledSchema = z.object({
  input: z.object({ name: z.string(), sha256: z.string(), bytes: z.int() }),
  durationSeconds: z.number().optional(),
  /** Size of the sampled pictures. */
  width: z.int().positive(),
  height: z.int().positive(),
  /** Every n-th frame was taken. */
  every: z.int().positive(),
  /** The frames of frames.rgb, in order: their number in the source and their presentation time. */
  frames: z.array(z.object({ index: z.int().nonnegative(), seconds: z.number() })).min(1),
  stoppedAt: z.object({ frame: z.int(), seconds: z.number(), reason: z.string() }).optional(),
});

export type Sampled = z.infer<typeof sampledSchema>;

/** What a frame and its successor are like, for the timeline; the last frame has no successor. */
export const timelineSchema = z.array(
  z.object({
    frame: z.int().nonnegative(),
    sourceFrame: z.int().nonnegative(),
    seconds: z.number(),
    /** As it was read, joined by spaces. */
    text: z.string(),
    /** Read in this frame, or taken over from the one before. */
    textFrom: z.enum(['read', 'reused']),
    next: z
      .object({ ssim: z.number(), mae: z.number(), patchInstability: z.number(), textEdits: z.int(), cut: z.boolean() })
      .optional(),
  }),
);

export type Timeline = z.infer<typeof timelineSchema>;

/** The output of MeasureClip. */
export const measuredSchema = z.object({
  finding: findingSchema,
  featureSet: z.int(),
  features: z.record(z.string(), z.number()),
  segments: z.int().nonnegative(),
  text: z.object({
    engine: z.object({ name: z.string(), version: z.string() }),
    /** Places that were read, and places whose text was taken over because they had not changed. */
    read: z.int().nonnegative(),
    reused: z.int().nonnegative(),
  }),
  model: z.object({ name: z.string(), version: z.string(), sha256: z.string() }),
});

export type Measured = z.infer<typeof measuredSchema>;

/** The output of WriteReport. */
export const reportedSchema = z.object({
  outcome: z.enum(['complete', 'partial']),
  missing: z.array(z.string()),
  degraded: z.array(z.object({ step: z.string(), reason: z.string() })),
});

/** Names of the files that go from step to step. */
export const FRAMES_FILE = 'frames.rgb';
export const TIMELINE_FILE = 'timeline.json';
